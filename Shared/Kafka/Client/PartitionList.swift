import CRDKafka

/// Conversions to and from `rd_kafka_topic_partition_list_t`.
enum PartitionList {
    typealias Pointer = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    static func make(_ offsets: [TopicPartition: Int64]) -> Pointer {
        let list: Pointer = rd_kafka_topic_partition_list_new(Int32(offsets.count))
        for (partition, offset) in offsets {
            rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition).pointee.offset = offset
        }
        return list
    }

    static func elements(_ list: Pointer) -> UnsafeMutableBufferPointer<rd_kafka_topic_partition_t> {
        UnsafeMutableBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt))
    }

    static func partitions(_ list: Pointer) -> [TopicPartition] {
        elements(list).map { TopicPartition(topic: String(cString: $0.topic), partition: $0.partition) }
    }

    /// Offsets and the first error among the entries.
    static func offsets(_ list: Pointer) -> [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for element in elements(list) {
            offsets[TopicPartition(topic: String(cString: element.topic), partition: element.partition)] =
                element.offset
        }
        return offsets
    }

    static func firstError(_ list: Pointer) -> KafkaError? {
        for element in elements(list) where element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            return KafkaError(
                element.err, detail: "\(String(cString: element.topic))[\(element.partition)]")
        }
        return nil
    }
}
