import Calendar
import Kafka

extension KafkaRecord {
    /// The entry as a CloudEvent in Kafka binary mode; nil for a log-only entry.
    init?(_ sequenced: SequencedEntry, source: String) {
        let entry = sequenced.entry
        guard let stream = entry.stream else { return nil }
        var headers = [
            KafkaHeader("ce_specversion", "1.0"),
            KafkaHeader("ce_id", entry.id),
            KafkaHeader("ce_source", source),
            KafkaHeader("ce_type", entry.type),
            KafkaHeader("ce_time", entry.occurredAt.rfc3339),
            KafkaHeader("ce_subject", entry.subject),
            KafkaHeader("ce_partitionkey", stream.partitionKey),
            KafkaHeader("ce_sequence", String(stream.sequence)),
            KafkaHeader("ce_correlationid", entry.correlationId),
            KafkaHeader("ce_journalindex", String(sequenced.index)),
            KafkaHeader("content-type", "application/json"),
        ]
        if let causationId = entry.causationId { headers.append(KafkaHeader("ce_causationid", causationId)) }
        if let traceparent = entry.traceparent { headers.append(KafkaHeader("traceparent", traceparent)) }
        self.init(topic: stream.topic, key: stream.partitionKey, value: entry.data, headers: headers)
    }
}
