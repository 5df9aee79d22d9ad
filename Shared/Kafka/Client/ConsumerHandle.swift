import CRDKafka
import Concurrency
import Logging
import Synchronization

/// The thread that owns a consumer's handle. It blocks in `rd_kafka_consumer_poll`; other requests wake it first.
actor ConsumerHandle {
    private nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// For waking; nil once the handle is about to go.
    private nonisolated let queue: Mutex<SharedPointer?>
    /// True while a poll may be blocked. A wake-up at any other time would be kept by librdkafka and end the next poll at
    /// once: an owner that asks something after every poll would spin.
    private nonisolated let isPolling = Atomic(false)
    private let state: ConsumerState
    private var client: SharedPointer?
    private let isInGroup: Bool

    /// `group` nil: a reader that takes all partitions from their beginning and commits nothing.
    init(
        _ configuration: KafkaConfiguration, group: String?, topics: [String], logger: Logger
    ) throws(KafkaError) {
        state = ConsumerState(logger: logger)
        isInGroup = group != nil
        let object = try ClientProperties.consumer(group: group ?? "brightkitchen.reader")
            .makeConfiguration(for: configuration)
        Self.installCallbacks(object, state)
        let client = try ClientProperties.makeClient(RD_KAFKA_CONSUMER, object)
        rd_kafka_poll_set_consumer(client)
        executor = ThreadExecutor(name: "kafka-consumer")
        queue = Mutex(rd_kafka_queue_get_consumer(client).map { SharedPointer($0) })
        self.client = SharedPointer(client)
        guard group != nil else { return }
        let list: PartitionList.Pointer = rd_kafka_topic_partition_list_new(Int32(topics.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for topic in topics { rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA) }
        let code = rd_kafka_subscribe(client, list)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
    }

    deinit {
        if let client {
            if let queue = takeQueue() { rd_kafka_queue_destroy(queue.pointer) }
            rd_kafka_destroy_flags(client.pointer, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
        }
        executor.shutDown()
    }

    /// Ends a poll that is under way.
    nonisolated func wake() {
        if isPolling.load(ordering: .acquiring) { interrupt() }
    }

    /// Ends the poll that is under way, or else the next one: for a caller whose poll may be just about to begin.
    nonisolated func interrupt() {
        queue.withLock { queue in
            if let queue { rd_kafka_queue_yield(queue.pointer) }
        }
    }

    func poll(max: Int, waitMs: Int32) throws(KafkaError) -> [ReceivedRecord] {
        let client = try open()
        isPolling.store(true, ordering: .releasing)
        defer { isPolling.store(false, ordering: .releasing) }
        state.commitIfDue(client)
        var records: [ReceivedRecord] = []
        var generation = state.generation
        var wait = waitMs
        while records.count < max, let message = rd_kafka_consumer_poll(client, wait) {
            defer { rd_kafka_message_destroy(message) }
            wait = 0
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                if generation != state.generation {
                    records.removeAll()
                    generation = state.generation
                }
                records.append(ReceivedRecord(message))
            } else {
                try check(client, message)
            }
        }
        // Partitions changed hands inside this poll: what was read before goes to the next owner.
        if generation != state.generation { records.removeAll() }
        return records
    }

    func store(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        let client = try open()
        state.store(positions)
        if isInGroup { state.commitIfDue(client) }
    }

    func commit() throws(KafkaError) {
        let client = try open()
        if let error = state.commit(client) { throw error }
    }

    func takeRevoked() -> Set<TopicPartition> { state.takeRevoked() }

    func takeShortened() -> Set<TopicPartition> { state.takeShortened() }

    func assignment() -> Set<TopicPartition> { state.assignment }

    func clusterId() throws(KafkaError) -> String? { ClientQueries.clusterId(try open(), timeoutMs: 0) }

    func seek(_ partition: TopicPartition, to offset: Int64) throws(KafkaError) {
        let client = try open()
        guard state.assignment.contains(partition) else { return }
        let list = PartitionList.make([partition: offset])
        defer { rd_kafka_topic_partition_list_destroy(list) }
        if let error = KafkaError(consuming: rd_kafka_seek_partitions(client, list, 5_000)) { throw error }
        if let error = PartitionList.firstError(list) { throw error }
        state.forget(partition)
    }

    /// Takes all partitions of the topics from their beginning, without a group.
    func assignAll(_ topics: [String]) throws(KafkaError) {
        let client = try open()
        var offsets: [TopicPartition: Int64] = [:]
        for topic in topics {
            if let error = ClientQueries.touch(client, topic: topic, timeoutMs: 5_000) { throw error }
        }
        let metadata = try ClientQueries.metadata(client, timeoutMs: 5_000).get()
        for topic in topics {
            guard let count = metadata.topics[topic] else {
                throw KafkaError.unknownTopics([topic], reason: "nothing to read")
            }
            for partition in 0..<Int32(count) {
                offsets[TopicPartition(topic: topic, partition: partition)] = Int64(RD_KAFKA_OFFSET_BEGINNING)
            }
        }
        let list = PartitionList.make(offsets)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        state.assign(client, list)
    }

    /// Records written but not stored as handled, over all assigned partitions.
    func lags() throws(KafkaError) -> [String: Int64] {
        let client = try open()
        let unknown = state.assignment.filter { state.stored[$0] == nil }
        var starts: [TopicPartition: Int64] = [:]
        if isInGroup, !unknown.isEmpty {
            let list = PartitionList.make(Dictionary(uniqueKeysWithValues: unknown.map { ($0, 0) }))
            defer { rd_kafka_topic_partition_list_destroy(list) }
            let code = rd_kafka_committed(client, list, 3_000)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
            starts = PartitionList.offsets(list)
        }
        var lags: [String: Int64] = [:]
        for partition in state.assignment {
            var low: Int64 = 0
            var high: Int64 = 0
            rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
            if high < 0 {
                (low, high) = try ClientQueries.watermarks(
                    client, partition.topic, partition.partition, timeoutMs: 3_000
                ).get()
            }
            state.noteEnd(of: partition, high)
            let start = state.stored[partition] ?? starts[partition] ?? low
            lags[partition.topic, default: 0] += Swift.max(0, high - Swift.max(start, Swift.max(low, 0)))
        }
        return lags
    }

    func close(atMost limit: Duration) {
        guard let client = client?.pointer else { return }
        self.client = nil
        if isInGroup, let error = state.commit(client) {
            state.logger.warning("offsets not committed at close", metadata: ["error": "\(error)"])
        }
        if let pointer = takeQueue()?.pointer {
            if KafkaError(consuming: rd_kafka_consumer_close_queue(client, pointer)) == nil {
                let deadline = ContinuousClock.now + limit
                while rd_kafka_consumer_closed(client) == 0, ContinuousClock.now < deadline {
                    guard let event = rd_kafka_queue_poll(pointer, 100) else { continue }
                    // The last revocation waits for its answer; messages that were still queued are of no use.
                    if rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE { rd_kafka_assign(client, nil) }
                    rd_kafka_event_destroy(event)
                }
            }
            rd_kafka_queue_destroy(pointer)
        }
        rd_kafka_destroy_flags(client, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
    }

    /// From now on nobody can wake the thread.
    private nonisolated func takeQueue() -> SharedPointer? {
        queue.withLock { queue in
            defer { queue = nil }
            return queue
        }
    }

    private func open() throws(KafkaError) -> OpaquePointer {
        guard let client else { throw .closed }
        return client.pointer
    }

    /// Errors that come in place of a message. Those that librdkafka repairs by itself are logged and passed over.
    private func check(
        _ client: OpaquePointer, _ message: UnsafePointer<rd_kafka_message_t>
    ) throws(KafkaError) {
        if let fatal = KafkaError.fatalError(of: client) { throw fatal }
        let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
        let error = KafkaError(message.pointee.err, detail: detail)
        state.log.error(error)
        if !error.isRetriable, message.pointee.err != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET { throw error }
    }

    private static func installCallbacks(_ object: OpaquePointer, _ state: ConsumerState) {
        rd_kafka_conf_set_opaque(object, Unmanaged.passUnretained(state).toOpaque())
        rd_kafka_conf_set_log_cb(object) { client, level, facility, text in
            guard let client, let opaque = rd_kafka_opaque(client) else { return }
            Unmanaged<ConsumerState>.fromOpaque(opaque).takeUnretainedValue().log.line(
                level: level, facility: facility.map { String(cString: $0) } ?? "",
                text.map { String(cString: $0) } ?? "")
        }
        rd_kafka_conf_set_error_cb(object) { _, code, reason, opaque in
            guard let opaque else { return }
            Unmanaged<ConsumerState>.fromOpaque(opaque).takeUnretainedValue().log.error(
                KafkaError(
                    rd_kafka_resp_err_t(rawValue: .init(code)), detail: reason.map { String(cString: $0) }))
        }
        rd_kafka_conf_set_offset_commit_cb(object) { _, code, offsets, opaque in
            guard let opaque, let offsets, code != RD_KAFKA_RESP_ERR_NO_ERROR,
                code != RD_KAFKA_RESP_ERR__NO_OFFSET
            else { return }
            Unmanaged<ConsumerState>.fromOpaque(opaque).takeUnretainedValue()
                .commitFailed(KafkaError(code), PartitionList.offsets(offsets))
        }
        rd_kafka_conf_set_rebalance_cb(object) { client, code, partitions, opaque in
            guard let client, let partitions, let opaque else { return }
            let state = Unmanaged<ConsumerState>.fromOpaque(opaque).takeUnretainedValue()
            if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
                state.assign(client, partitions)
            } else {
                state.revoke(client)
            }
        }
    }
}
