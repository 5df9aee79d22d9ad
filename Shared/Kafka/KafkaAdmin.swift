import Concurrency
import Logging

/// Sees to it that the topics exist, and says where they differ from what they should be.
public struct KafkaAdmin: Sendable {
    private let configuration: KafkaConfiguration
    private let logger: Logger

    public init(_ configuration: KafkaConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Creates what is missing, with its partitions and retention, where the broker lets us; existing topics stay as
    /// they are, and what is different about them is returned. The embedded broker creates a topic when it is asked for
    /// it, with its own number of partitions.
    /// - Throws: `KafkaError.unknownTopics` with the missing names when they could not be created; a retriable error
    ///   when no broker answered within `limit`.
    @discardableResult
    public func ensureTopics(
        _ topics: [TopicSpec], within limit: Duration = .seconds(15)
    ) async throws(KafkaError) -> TopicSurvey {
        let handle = try AdminHandle(configuration, logger: logger)
        let deadline = ContinuousClock.now + limit
        let survey: TopicSurvey
        do throws(KafkaError) {
            let metadata = try await ensure(topics, handle, deadline)
            survey = TopicSurvey(
                topics, metadata: metadata.value, created: metadata.created,
                retentions: metadata.value.isEmbedded ? [:] : await retentions(topics, handle))
        } catch {
            await handle.close()
            throw error
        }
        await handle.close()
        return survey
    }

    /// A broker that does not tell us (no right to ask, not implemented) is not held against the topics.
    private func retentions(_ topics: [TopicSpec], _ handle: AdminHandle) async -> [String: Int64] {
        do {
            return try await handle.retentions(of: topics.map(\.name))
        } catch {
            logger.debug("the broker does not tell its topics' settings", metadata: ["error": "\(error)"])
            return [:]
        }
    }

    private struct Ensured: Sendable {
        let value: ClusterMetadata
        let created: [String]
    }

    private func ensure(
        _ topics: [TopicSpec], _ handle: AdminHandle, _ deadline: ContinuousClock.Instant
    ) async throws(KafkaError) -> Ensured {
        var metadata = try await handle.metadata(until: deadline)
        var missing = topics.filter { metadata.topics[$0.name] == nil }
        let created = missing.map(\.name)
        guard !missing.isEmpty else { return Ensured(value: metadata, created: []) }
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
            if missing.isEmpty { return Ensured(value: metadata, created: created) }
            do { try await Task.sleep(for: backoff.next()) } catch { break }
        } while ContinuousClock.now < deadline && reason == "the broker did not say why"
        throw .unknownTopics(missing.map(\.name), reason: reason)
    }
}
