import Contracts
import Kafka
import Logging
import ServiceLifecycle

/// At start: all topics of the product exist, or the service ends with their names. A broker that is not there yet is
/// waited for: commands over HTTP are accepted meanwhile and stay in the journal.
struct TopicCheck: Service {
    private let kafka: KafkaConfiguration
    private let logger: Logger

    init(_ kafka: KafkaConfiguration, logger: Logger) {
        self.kafka = kafka
        self.logger = logger
    }

    func run() async throws {
        let topics = try TopicFile.topics()
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await KafkaAdmin(kafka, logger: logger).ensureTopics(topics)
                    break
                } catch let error as KafkaError where error.isRetriable {
                    logger.warning("no broker yet", metadata: ["error": "\(error)"])
                }
            }
        }
        try await gracefulShutdown()
    }
}
