import Calendar
import Kafka

/// A record read as a CloudEvent in Kafka binary mode; its data are not decoded yet.
struct EventEnvelope: Sendable {
    /// A record that is no CloudEvent.
    struct Malformed: Error, Hashable, CustomStringConvertible {
        var reason: String
        var description: String { reason }
    }

    let id: String
    let source: String
    let type: String
    let topic: String
    let partitionKey: String
    /// Absent where the producer gives none (devices).
    let sequence: Int64?
    let occurredAt: Instant
    let correlationId: String
    let causationId: String?
    let traceparent: String?
    let journalIndex: Int64?
    let data: [UInt8]

    init(_ record: ReceivedRecord) throws(Malformed) {
        var attributes: [String: String] = [:]
        attributes.reserveCapacity(record.headers.count)
        for header in record.headers {
            // Postgres keeps no NUL in a text.
            guard let value = String(validating: header.value, as: UTF8.self), !header.value.contains(0) else {
                throw Malformed(reason: "header \(header.name) is no readable text")
            }
            attributes[header.name] = value
        }
        func required(_ name: String) throws(Malformed) -> String {
            guard let value = attributes[name], !value.isEmpty else {
                throw Malformed(reason: "header \(name) is missing")
            }
            return value
        }
        guard try required("ce_specversion") == "1.0" else {
            throw Malformed(reason: "ce_specversion is not 1.0")
        }
        id = try required("ce_id")
        source = try required("ce_source")
        type = try required("ce_type")
        topic = record.topic
        if let key = attributes["ce_partitionkey"] {
            partitionKey = key
        } else if let key = record.key, let text = String(validating: key, as: UTF8.self), !key.contains(0) {
            partitionKey = text
        } else {
            throw Malformed(reason: "neither ce_partitionkey nor a readable key")
        }
        if let text = attributes["ce_sequence"] {
            guard let number = Int64(text), number > 0 else {
                throw Malformed(reason: "ce_sequence is not a positive number: \(text.prefix(40))")
            }
            sequence = number
        } else {
            sequence = nil
        }
        if let text = attributes["ce_time"] {
            guard let time = Instant(rfc3339: text) else {
                throw Malformed(reason: "ce_time is not an RFC 3339 time with offset: \(text.prefix(40))")
            }
            occurredAt = time
        } else if let time = record.timestamp {
            occurredAt = time
        } else {
            throw Malformed(reason: "no ce_time and no record time")
        }
        guard let value = record.value else { throw Malformed(reason: "no value") }
        data = value
        correlationId = attributes["ce_correlationid"] ?? id
        causationId = attributes["ce_causationid"]
        traceparent = attributes["traceparent"]
        journalIndex = attributes["ce_journalindex"].flatMap { Int64($0) }
    }

    var stream: StreamKey { StreamKey(source: source, topic: topic, partitionKey: partitionKey) }
}
