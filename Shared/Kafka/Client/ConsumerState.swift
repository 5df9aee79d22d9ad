import CRDKafka
import Logging

/// What a consumer's thread knows about its assignment; also the callbacks' way back into Swift.
///
/// @unchecked: touched by the consumer's thread only. The callbacks run inside its calls of `rd_kafka_consumer_poll`;
/// only `log` is used from librdkafka's threads.
final class ConsumerState: @unchecked Sendable {
    /// How long a commit may take when partitions are given back or at close.
    static let commitTimeoutMs: Int32 = 3_000

    let log: ClientLog
    let logger: Logger
    private(set) var assignment: Set<TopicPartition> = []
    /// Next offset to be handled, as the application stored it.
    private(set) var stored: [TopicPartition: Int64] = [:]
    private var uncommitted: [TopicPartition: Int64] = [:]
    private var nextCommit = ContinuousClock.now
    /// Partitions given back since the last `takeRevoked`.
    private var revoked: Set<TopicPartition> = []
    /// Where each assigned partition's log ended when it was last looked at, and those that have become shorter since.
    private var ends: [TopicPartition: Int64] = [:]
    private var suspected: Set<TopicPartition> = []
    private var shortened: Set<TopicPartition> = []
    /// Counts assignments and revocations, so that a poll notices that one happened inside it.
    private(set) var generation = 0
    /// The cluster that the last assignment came from.
    private var clusterId: String?
    private let commitInterval: Duration

    init(logger: Logger, commitInterval: Duration = .milliseconds(500)) {
        self.logger = logger
        self.commitInterval = commitInterval
        log = ClientLog(logger)
    }

    // MARK: rebalance (eager protocol: everything is given back, then everything is handed out anew)

    func assign(_ client: OpaquePointer, _ partitions: PartitionList.Pointer) {
        let cluster = ClientQueries.clusterId(client, timeoutMs: 1_000)
        if let cluster, let known = clusterId, cluster != known {
            // Another cluster under the same address (an embedded broker after its restart). Offsets that were
            // committed there can only be ours from before: what it holds is read from the beginning.
            logger.warning(
                "the broker is a new cluster: reading from the beginning", metadata: ["cluster": "\(cluster)"])
            for index in PartitionList.elements(partitions).indices {
                partitions.pointee.elems[index].offset = Int64(RD_KAFKA_OFFSET_BEGINNING)
            }
        }
        clusterId = cluster ?? clusterId
        let code = rd_kafka_assign(client, partitions)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { log.error(KafkaError(code)) }
        assignment = Set(PartitionList.partitions(partitions))
        stored.removeAll()
        uncommitted.removeAll()
        ends.removeAll()
        suspected.removeAll()
        shortened.removeAll()
        generation += 1
        log.recovered()
        logger.info("partitions assigned", metadata: ["partitions": "\(assignment.count)"])
    }

    func revoke(_ client: OpaquePointer) {
        // A lost assignment belongs to others already: their commits must not be overwritten.
        if rd_kafka_assignment_lost(client) == 0, let error = commit(client) {
            logger.warning("offsets not committed when partitions were revoked", metadata: ["error": "\(error)"])
        }
        let code = rd_kafka_assign(client, nil)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { log.error(KafkaError(code)) }
        if !assignment.isEmpty {
            logger.info("partitions revoked", metadata: ["partitions": "\(assignment.count)"])
        }
        revoked.formUnion(assignment)
        assignment.removeAll()
        stored.removeAll()
        uncommitted.removeAll()
        generation += 1
    }

    func takeRevoked() -> Set<TopicPartition> {
        defer { revoked.removeAll() }
        return revoked
    }

    /// Found short twice in a row: a partition's new leader may tell less for a moment than its predecessor did.
    func noteEnd(of partition: TopicPartition, _ end: Int64) {
        if let known = ends[partition], end < known, suspected.insert(partition).inserted { return }
        if suspected.remove(partition) != nil, let known = ends[partition], end < known { shortened.insert(partition) }
        ends[partition] = end
    }

    func takeShortened() -> Set<TopicPartition> {
        defer { shortened.removeAll() }
        return shortened
    }

    // MARK: offsets

    /// Positions of partitions that are no longer ours are passed over: their next owner gets the records again.
    func store(_ positions: [TopicPartition: Int64]) {
        for (partition, offset) in positions where assignment.contains(partition) {
            stored[partition] = offset
            uncommitted[partition] = offset
        }
    }

    func forget(_ partition: TopicPartition) {
        stored[partition] = nil
        uncommitted[partition] = nil
    }

    /// Commits what was stored, without waiting, when the interval has passed.
    func commitIfDue(_ client: OpaquePointer) {
        guard !uncommitted.isEmpty, ContinuousClock.now >= nextCommit else { return }
        nextCommit = ContinuousClock.now + commitInterval
        let list = PartitionList.make(uncommitted)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        let code = rd_kafka_commit(client, list, 1)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { uncommitted.removeAll() } else { log.error(KafkaError(code)) }
    }

    /// Commits what was stored and waits for the answer, but no longer than `commitTimeoutMs`.
    func commit(_ client: OpaquePointer) -> KafkaError? {
        guard !uncommitted.isEmpty else { return nil }
        let list = PartitionList.make(uncommitted)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        guard let queue = rd_kafka_queue_new(client) else { return KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
        defer { rd_kafka_queue_destroy(queue) }
        let code = rd_kafka_commit_queue(client, list, queue, nil, nil)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return KafkaError(code) }
        guard let answer = rd_kafka_queue_poll(queue, Self.commitTimeoutMs) else {
            return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_event_destroy(answer) }
        let result = rd_kafka_event_error(answer)
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { return KafkaError(result) }
        uncommitted.removeAll()
        return nil
    }

    /// A commit made without waiting was refused: what it carried is committed with the next one.
    func commitFailed(_ error: KafkaError, _ offsets: [TopicPartition: Int64]) {
        logger.notice("offset commit failed", metadata: ["error": "\(error)"])
        for (partition, offset) in offsets
        where assignment.contains(partition) && uncommitted[partition] == nil && stored[partition] != nil {
            uncommitted[partition] = max(offset, stored[partition] ?? offset)
        }
    }
}
