import CRDKafka

/// Questions to the broker that block the calling thread until the answer or the timeout.
enum ClientQueries {
    static func watermarks(
        _ client: OpaquePointer, _ topic: String, _ partition: Int32, timeoutMs: Int32
    ) -> Result<(low: Int64, high: Int64), KafkaError> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_query_watermark_offsets(client, topic, partition, &low, &high, timeoutMs)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? .success((low, high)) : .failure(KafkaError(code))
    }

    static func metadata(_ client: OpaquePointer, timeoutMs: Int32) -> Result<ClusterMetadata, KafkaError> {
        var answer: UnsafePointer<rd_kafka_metadata_t>?
        let code = rd_kafka_metadata(client, 1, nil, &answer, timeoutMs)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { return .failure(KafkaError(code)) }
        defer { rd_kafka_metadata_destroy(answer) }
        var topics: [String: Int] = [:]
        for index in 0..<Int(answer.pointee.topic_cnt) {
            let topic = answer.pointee.topics[index]
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
            topics[String(cString: name)] = Int(topic.partition_cnt)
        }
        let brokers = (0..<Int(answer.pointee.broker_cnt)).map { index in
            let broker = answer.pointee.brokers[index]
            return "\(broker.host.map { String(cString: $0) } ?? "?"):\(broker.port)"
        }
        return .success(
            ClusterMetadata(clusterId: clusterId(client, timeoutMs: timeoutMs) ?? "", brokers: brokers, topics: topics))
    }

    /// With `timeoutMs` 0 only what is already known.
    static func clusterId(_ client: OpaquePointer, timeoutMs: Int32) -> String? {
        guard let text = rd_kafka_clusterid(client, timeoutMs) else { return nil }
        defer { rd_kafka_mem_free(client, text) }
        return String(cString: text)
    }

    /// Asks for one topic by name, which makes a broker that creates topics by itself create it.
    static func touch(_ client: OpaquePointer, topic: String, timeoutMs: Int32) -> KafkaError? {
        guard let handle = rd_kafka_topic_new(client, topic, nil) else { return KafkaError(rd_kafka_last_error()) }
        defer { rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata_t>?
        let code = rd_kafka_metadata(client, 0, handle, &answer, timeoutMs)
        if let answer { rd_kafka_metadata_destroy(answer) }
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code)
    }
}
