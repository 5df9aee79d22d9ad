import Calendar

/// A record as it came from the broker, copied out of librdkafka's memory.
public struct ReceivedRecord: Sendable {
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    public let key: [UInt8]?
    public let value: [UInt8]?
    public let headers: [KafkaHeader]
    /// The producer's or the broker's time, as the topic is set up; nil when the broker gave none.
    public let timestamp: Instant?

    public init(
        topic: String, partition: Int32, offset: Int64, key: [UInt8]?, value: [UInt8]?, headers: [KafkaHeader],
        timestamp: Instant?
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    public var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }

    /// The last header of that name as text; nil when there is none or it is not UTF-8.
    public func header(_ name: String) -> String? {
        guard let header = headers.last(where: { $0.name == name }) else { return nil }
        return String(validating: header.value, as: UTF8.self)
    }
}
