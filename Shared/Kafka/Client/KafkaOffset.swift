import CRDKafka

/// librdkafka's logical offsets.
enum KafkaOffset {
    static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
}
