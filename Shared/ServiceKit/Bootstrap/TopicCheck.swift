import Concurrency
import Contracts
import Kafka
import Logging
import ServiceLifecycle
import Synchronization

/// Sees to it that the service's topics exist: before its clients start, and from then on, since a cluster may come back
/// without them. A broker that is away, or that does not let us in, is waited for: commands over HTTP are accepted
/// meanwhile and stay in the journal. Topics that are missing and that we may not create end the service at its start.
final class TopicCheck: Service {
    /// What the operator is told.
    enum State: Sendable {
        case notAnswered
        case found(TopicSurvey)
        case failed(String)
    }

    private let kafka: KafkaConfiguration
    private let service: String
    private let logger: Logger
    private let isDone = Atomic(false)
    private let done = Signal()
    private let current = Mutex(State.notAnswered)

    /// How often topics that were there are looked at again, and how soon after a failure.
    private static let interval: Duration = .seconds(10)
    private static let retryInterval: Duration = .seconds(1)

    init(_ kafka: KafkaConfiguration, service: String, logger: Logger) {
        self.kafka = kafka
        self.service = service
        self.logger = logger
    }

    var state: State { current.withLock { $0 } }

    func run() async throws {
        let topics = try TopicFile.topics(of: service)
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let pause = try await self.look(topics)
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
        try await gracefulShutdown()
    }

    /// Looks once; returns when to look again.
    private func look(_ topics: [TopicSpec]) async throws -> Duration {
        switch await survey(topics) {
        case .success(let survey):
            note(survey)
            isDone.store(true, ordering: .releasing)
            done.send()
            return Self.interval
        case .failure(let error):
            guard error.isRetriable || isDone.load(ordering: .acquiring) else { throw error }
            note(error)
            return Self.retryInterval
        }
    }

    private func survey(_ topics: [TopicSpec]) async -> Result<TopicSurvey, KafkaError> {
        do throws(KafkaError) {
            return .success(try await KafkaAdmin(kafka, logger: logger).ensureTopics(topics, within: .seconds(5)))
        } catch {
            return .failure(error)
        }
    }

    private func note(_ error: KafkaError) {
        let isNews = current.withLock { state in
            defer { state = .failed(error.description) }
            if case .failed(error.description) = state { return false }
            return true
        }
        if isNews, !Task.isCancelled { logger.warning("no broker", metadata: ["error": "\(error)"]) }
    }

    private func note(_ survey: TopicSurvey) {
        let known: TopicSurvey? = current.withLock { state in
            defer { state = .found(survey) }
            if case .found(let known) = state { return known }
            return nil
        }
        if isDone.load(ordering: .acquiring), !survey.created.isEmpty {
            logger.warning(
                "topics were gone and have been created again",
                metadata: ["topics": "\(survey.created.joined(separator: ", "))"])
        }
        if !survey.differences.isEmpty, known?.differences != survey.differences {
            logger.warning(
                "topics are not as they should be",
                metadata: ["differences": "\(survey.differences.joined(separator: "; "))"])
        }
    }

    /// True once the topics exist; false when the task was cancelled before.
    func topicsExist() async -> Bool {
        while !isDone.load(ordering: .acquiring) {
            if Task.isCancelled { return false }
            // One `send` may reach one of several waiters only: look again after a second at the latest.
            await done.wait(atMost: .seconds(1))
        }
        return true
    }
}
