import Concurrency
import Logging

/// Sees to it that the topics exist before a service starts.
public struct KafkaAdmin: Sendable {
    private let configuration: KafkaConfiguration
    private let logger: Logger

    public init(_ configuration: KafkaConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Creates what is missing, with its partitions and retention, where the broker lets us; existing topics stay as
    /// they are. The embedded broker creates a topic when it is asked for it, with its own number of partitions.
    /// - Throws: `KafkaError.unknownTopics` with the missing names when they could not be created; a retriable error
    ///   when no broker answered within `limit`.
    public func ensureTopics(_ topics: [TopicSpec], within limit: Duration = .seconds(15)) async throws(KafkaError) {
        let handle = try AdminHandle(configuration, logger: logger)
        let deadline = ContinuousClock.now + limit
        do throws(KafkaError) {
            try await ensure(topics, handle, deadline)
        } catch {
            await handle.close()
            throw error
        }
        await handle.close()
    }

    private func ensure(
        _ topics: [TopicSpec], _ handle: AdminHandle, _ deadline: ContinuousClock.Instant
    ) async throws(KafkaError) {
        var metadata = try await handle.metadata(until: deadline)
        var missing = topics.filter { metadata.topics[$0.name] == nil }
        guard !missing.isEmpty else { return }
        logger.info("creating topics", metadata: ["topics": "\(missing.map(\.name).joined(separator: ", "))"])
        var reason = "the broker did not say why"
        if metadata.isEmbedded {
            for topic in missing { try await handle.touch(topic.name) }
        } else if let refusal = try await handle.create(missing) {
            reason = refusal
        }
        // The broker answers before every node knows the new topics.
        var backoff = Backoff(base: .milliseconds(20), maximum: .milliseconds(500))
        repeat {
            metadata = try await handle.metadata(until: deadline)
            missing = topics.filter { metadata.topics[$0.name] == nil }
            if missing.isEmpty { return }
            do { try await Task.sleep(for: backoff.next()) } catch { break }
        } while ContinuousClock.now < deadline && reason == "the broker did not say why"
        throw .unknownTopics(missing.map(\.name), reason: reason)
    }
}
