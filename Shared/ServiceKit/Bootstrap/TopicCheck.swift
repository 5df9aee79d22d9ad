import Concurrency
import Contracts
import Kafka
import Logging
import ServiceLifecycle
import Synchronization

/// At start: all topics of the product exist, or the service ends with their names. A broker that is not there yet is
/// waited for: commands over HTTP are accepted meanwhile and stay in the journal.
final class TopicCheck: Service {
    private let kafka: KafkaConfiguration
    private let logger: Logger
    private let isDone = Atomic(false)
    private let done = Signal()

    init(_ kafka: KafkaConfiguration, logger: Logger) {
        self.kafka = kafka
        self.logger = logger
    }

    func run() async throws {
        let topics = try TopicFile.topics()
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await KafkaAdmin(self.kafka, logger: self.logger).ensureTopics(topics)
                    self.isDone.store(true, ordering: .releasing)
                    self.done.send()
                    break
                } catch let error as KafkaError where error.isRetriable {
                    self.logger.warning("no broker yet", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                }
            }
        }
        try await gracefulShutdown()
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
