import CRDKafka
import Calendar

extension ReceivedRecord {
    /// Copies a message; the caller destroys it.
    init(_ message: UnsafePointer<rd_kafka_message_t>) {
        let fields = message.pointee
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let milliseconds = rd_kafka_message_timestamp(message, &kind)
        self.init(
            topic: fields.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "",
            partition: fields.partition, offset: fields.offset,
            key: Self.bytes(fields.key, fields.key_len), value: Self.bytes(fields.payload, fields.len),
            headers: Self.headers(message),
            timestamp: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0
                ? nil : Instant(microseconds: milliseconds * 1_000))
    }

    private static func bytes(_ pointer: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        guard let pointer else { return nil }
        return Array(UnsafeRawBufferPointer(start: pointer, count: count))
    }

    private static func headers(_ message: UnsafePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [KafkaHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let name
        {
            let bytes = Self.bytes(value, size) ?? []
            headers.append(KafkaHeader(name: String(cString: name), value: bytes))
        }
        return headers
    }
}
