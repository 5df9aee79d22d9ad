import CRDKafka
import Concurrency
import Logging

/// The thread that owns an admin client's handle.
actor AdminHandle {
    private nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let log: ClientLog
    private var client: SharedPointer?

    init(_ configuration: KafkaConfiguration, logger: Logger) throws(KafkaError) {
        log = ClientLog(logger)
        let object = try ClientProperties.admin.makeConfiguration(for: configuration)
        rd_kafka_conf_set_opaque(object, Unmanaged.passUnretained(log).toOpaque())
        rd_kafka_conf_set_log_cb(object) { client, level, facility, text in
            guard let client, let opaque = rd_kafka_opaque(client) else { return }
            Unmanaged<ClientLog>.fromOpaque(opaque).takeUnretainedValue().line(
                level: level, facility: facility.map { String(cString: $0) } ?? "",
                text.map { String(cString: $0) } ?? "")
        }
        client = SharedPointer(try ClientProperties.makeClient(RD_KAFKA_PRODUCER, object))
        executor = ThreadExecutor(name: "kafka-admin")
    }

    deinit {
        if let client { rd_kafka_destroy(client.pointer) }
        executor.shutDown()
    }

    func close() {
        if let client { rd_kafka_destroy(client.pointer) }
        client = nil
    }

    /// Asks again until a broker answers or the deadline has passed; then the last error is thrown, with the reason why
    /// no connection came about.
    func metadata(until deadline: ContinuousClock.Instant) throws(KafkaError) -> ClusterMetadata {
        let client = try open()
        while true {
            switch ClientQueries.metadata(client, timeoutMs: 2_000) {
            case .success(let metadata): return metadata
            case .failure(let error):
                guard error.isRetriable, ContinuousClock.now < deadline, !Task.isCancelled else {
                    throw error.after(log.failure)
                }
            }
        }
    }

    /// How long each topic keeps its records, in milliseconds (-1 = for ever), as far as the broker tells us.
    func retentions(of topics: [String]) throws(KafkaError) -> [String: Int64] {
        let client = try open()
        var resources: [OpaquePointer?] = topics.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { for resource in resources { rd_kafka_ConfigResource_destroy(resource) } }
        var text = [CChar](repeating: 0, count: 512)
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_request_timeout(options, 5_000, &text, text.count)
        guard let queue = rd_kafka_queue_new(client) else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
        defer { rd_kafka_queue_destroy(queue) }
        rd_kafka_DescribeConfigs(client, &resources, resources.count, options, queue)
        guard let event = rd_kafka_queue_poll(queue, 6_000) else { throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT) }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
        var count = 0
        guard let result = rd_kafka_event_DescribeConfigs_result(event),
            let described = rd_kafka_DescribeConfigs_result_resources(result, &count)
        else { return [:] }
        var retentions: [String: Int64] = [:]
        for index in 0..<count {
            guard let resource = described[index], let name = rd_kafka_ConfigResource_name(resource) else { continue }
            retentions[String(cString: name)] = Self.retention(resource)
        }
        return retentions
    }

    private static func retention(_ resource: OpaquePointer) -> Int64? {
        guard rd_kafka_ConfigResource_error(resource) == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        var count = 0
        guard let entries = rd_kafka_ConfigResource_configs(resource, &count) else { return nil }
        for index in 0..<count {
            guard let entry = entries[index], let name = rd_kafka_ConfigEntry_name(entry),
                String(cString: name) == "retention.ms", let value = rd_kafka_ConfigEntry_value(entry)
            else { continue }
            return Int64(String(cString: value))
        }
        return nil
    }

    /// Makes a broker that creates topics by itself create this one.
    func touch(_ topic: String) throws(KafkaError) {
        if let error = ClientQueries.touch(try open(), topic: topic, timeoutMs: 3_000) { throw error }
    }

    /// Creates the topics. Returns why some could not be created; nil when all are there.
    func create(_ topics: [TopicSpec]) throws(KafkaError) -> String? {
        let client = try open()
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        var text = [CChar](repeating: 0, count: 512)
        for topic in topics {
            // -1: the broker's own replication factor.
            guard
                let request = rd_kafka_NewTopic_new(topic.name, Int32(topic.partitions), -1, &text, text.count)
            else {
                throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, detail: ClientProperties.string(text))
            }
            requests.append(request)
            if let retention = topic.retentionMs {
                let code = rd_kafka_NewTopic_set_config(request, "retention.ms", String(retention))
                if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
            }
        }
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_request_timeout(options, 10_000, &text, text.count)
        rd_kafka_AdminOptions_set_operation_timeout(options, 10_000, &text, text.count)
        guard let queue = rd_kafka_queue_new(client) else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
        defer { rd_kafka_queue_destroy(queue) }
        rd_kafka_CreateTopics(client, &requests, requests.count, options, queue)
        guard let event = rd_kafka_queue_poll(queue, 12_000) else { throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT) }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let error = KafkaError(code)
            if error.isRetriable { throw error }
            return rd_kafka_event_error_string(event).map { String(cString: $0) } ?? error.message
        }
        return try Self.refusals(event)
    }

    /// Throws a retriable error for what a cluster that is still starting answers.
    private static func refusals(_ event: OpaquePointer) throws(KafkaError) -> String? {
        var count = 0
        guard let result = rd_kafka_event_CreateTopics_result(event),
            let topics = rd_kafka_CreateTopics_result_topics(result, &count)
        else { return "the broker's answer was empty" }
        var refusals: [String] = []
        for index in 0..<count {
            guard let topic = topics[index] else { continue }
            let code = rd_kafka_topic_result_error(topic)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS else { continue }
            let name = rd_kafka_topic_result_name(topic).map { String(cString: $0) } ?? "?"
            let reason = rd_kafka_topic_result_error_string(topic).map { String(cString: $0) }
            // INVALID_REPLICATION_FACTOR is also what KRaft says while its brokers are still fenced.
            if KafkaError(code).isRetriable || code == RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR {
                throw KafkaError(
                    code: code.rawValue, name: KafkaError(code).name, message: "\(name): \(reason ?? "")",
                    isRetriable: true, isFatal: false)
            }
            refusals.append("\(name): \(reason ?? KafkaError(code).message)")
        }
        return refusals.isEmpty ? nil : refusals.joined(separator: "; ")
    }

    private func open() throws(KafkaError) -> OpaquePointer {
        guard let client else { throw .closed }
        return client.pointer
    }
}
