import Calendar
import Foundation
import Kafka

/// A record kept in the database, so that it can be handled later exactly as it came. Its value is a column of its own.
struct StoredRecord: Codable, Sendable {
    struct Header: Codable, Sendable {
        var name: String
        /// Base64.
        var value: String
    }

    var topic: String
    var partition: Int32
    var offset: Int64
    /// Base64.
    var key: String?
    var headers: [Header]
    var timestamp: Instant?
    /// A record without a value is not the same as one with an empty value.
    var hasValue: Bool

    init(_ record: ReceivedRecord) {
        topic = record.topic
        partition = record.partition
        offset = record.offset
        key = record.key.map { Data($0).base64EncodedString() }
        headers = record.headers.map { Header(name: $0.name, value: Data($0.value).base64EncodedString()) }
        timestamp = record.timestamp
        hasValue = record.value != nil
    }

    func received(value: [UInt8]) -> ReceivedRecord {
        func bytes(_ base64: String) -> [UInt8] { Data(base64Encoded: base64).map { [UInt8]($0) } ?? [] }
        return ReceivedRecord(
            topic: topic, partition: partition, offset: offset, key: key.map(bytes),
            value: hasValue ? value : nil,
            headers: headers.map { KafkaHeader(name: $0.name, value: bytes($0.value)) }, timestamp: timestamp)
    }
}
