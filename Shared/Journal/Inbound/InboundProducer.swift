import Contracts
import Kafka
import Logging

/// Writes to an inbound topic as a vendor's platform does: for simulators and load.
public final class InboundProducer: Sendable {
    private let producer: KafkaProducer
    private let topic: Topic

    public init(kafka: KafkaConfiguration, topic: Topic, logger: Logger) throws {
        producer = try KafkaProducer(kafka, logger: logger)
        self.topic = topic
    }

    /// Sends all and waits for the broker's answers; throws the first refusal.
    public func send(_ records: [InboundRecord]) async throws {
        let results = await producer.send(
            records.map { KafkaRecord(topic: topic.name, key: $0.key, value: $0.value) })
        for result in results { _ = try result.get() }
    }

    public func close() async {
        await producer.close()
    }
}
