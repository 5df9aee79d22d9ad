import Logging

/// A member of a consumer group, or a reader without one.
///
/// One task polls, handles and stores in turn: partitions change hands only inside `poll`, and what was polled but not
/// stored is given to the next owner again. Offsets are committed behind `store` about every half second, and at
/// revocation and close.
public final class KafkaConsumer: Sendable {
    private let handle: ConsumerHandle

    public init(_ configuration: KafkaConfiguration, group: String, topics: [String], logger: Logger) throws(KafkaError)
    {
        handle = try ConsumerHandle(configuration, group: group, topics: topics, logger: logger)
    }

    /// Reads all partitions of `topics` from their beginning without a group; `store` has no lasting effect.
    public init(_ configuration: KafkaConfiguration, reading topics: [String], logger: Logger) async throws(KafkaError)
    {
        handle = try ConsumerHandle(configuration, group: nil, topics: topics, logger: logger)
        try await handle.assignAll(topics)
    }

    /// Up to `max` records: waits at most `wait` for the first and takes what is there already besides. Empty when
    /// nothing came, when partitions changed hands, or when the task was cancelled.
    ///
    /// Errors that librdkafka repairs by itself (broker away, leader moving) are logged, not thrown. What is thrown
    /// needs an operator (authorization) or a new consumer (`isFatal`).
    public func poll(max: Int, wait: Duration) async throws(KafkaError) -> [ReceivedRecord] {
        let waitMs = wait.milliseconds
        let result: Result<[ReceivedRecord], KafkaError> = await withTaskCancellationHandler {
            guard !Task.isCancelled else { return .success([]) }
            do throws(KafkaError) {
                return .success(try await handle.poll(max: max, waitMs: waitMs))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            handle.interrupt()
        }
        return try result.get()
    }

    /// The records before `positions` (next offsets) are handled for good. Positions of partitions that have been
    /// revoked meanwhile are passed over.
    public func store(_ positions: [TopicPartition: Int64]) async throws(KafkaError) {
        try await handle.store(positions)
    }

    /// Commits what was stored and waits for the broker's answer, at most three seconds.
    public func commit() async throws(KafkaError) {
        try await handle.commit()
    }

    /// The next poll of this partition begins with its oldest record. No effect when it is not assigned to us.
    public func seekToBeginning(_ partition: TopicPartition) async throws(KafkaError) {
        handle.wake()
        try await handle.seek(partition, to: KafkaOffset.beginning)
    }

    public func seek(_ partition: TopicPartition, to offset: Int64) async throws(KafkaError) {
        handle.wake()
        try await handle.seek(partition, to: offset)
    }

    /// Records of the assigned partitions that are not stored as handled yet.
    public func lag() async throws(KafkaError) -> Int64 {
        try await lags().values.reduce(0, +)
    }

    /// The same, by topic; topics of which this member has no partition are absent.
    public func lags() async throws(KafkaError) -> [String: Int64] {
        handle.wake()
        return try await handle.lags()
    }

    /// Partitions taken from this member since the last call: what is remembered about them is void.
    public func takeRevoked() async -> Set<TopicPartition> {
        handle.wake()
        return await handle.takeRevoked()
    }

    /// Partitions whose log `lag` found shorter than before, since the last call: what they hold now is another log.
    public func takeShortened() async -> Set<TopicPartition> {
        handle.wake()
        return await handle.takeShortened()
    }

    public func assignment() async -> Set<TopicPartition> {
        handle.wake()
        return await handle.assignment()
    }

    /// The identity of the cluster, nil before the first answer of a broker.
    public func clusterId() async throws(KafkaError) -> String? {
        handle.wake()
        return try await handle.clusterId()
    }

    /// Commits, leaves the group and frees the handle. Takes at most `limit` and the three seconds of a commit.
    public func close(atMost limit: Duration = .seconds(3)) async {
        handle.wake()
        await handle.close(atMost: limit)
    }
}
