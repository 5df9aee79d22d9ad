import Logging

/// An idempotent producer: records of one key arrive in the order of the calls, each at least once from the caller's
/// point of view and exactly once per `send` from the broker's.
///
/// A fatal error (`isFatal` in a result) leaves the instance unusable: close it, make a new one, and send again from
/// the first record without a success.
public final class KafkaProducer: Sendable {
    private let thread: ProducerThread
    /// How long one metadata or watermark query waits for the broker, in milliseconds.
    private static let queryTimeoutMs: Int32 = 3_000

    public init(_ configuration: KafkaConfiguration, logger: Logger) throws(KafkaError) {
        thread = try ProducerThread(configuration, logger: logger)
    }

    deinit {
        _ = thread.give(.close(flush: .zero, nil))
    }

    /// Sends in order and returns when every record has its delivery report, in the order of `records`.
    ///
    /// Waits without limit for a broker that is away. When the task is cancelled, unanswered records are given back as
    /// `.outcomeUnknown` at once; they may still reach the broker.
    public func send(_ records: [KafkaRecord]) async -> [Result<RecordPosition, KafkaError>] {
        guard !records.isEmpty else { return [] }
        let batch = ProducerBatch(records)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !thread.give(.send(batch, continuation)) {
                    continuation.resume(returning: records.map { _ in .failure(.closed) })
                }
            }
        } onCancel: {
            _ = thread.give(.cancel(batch))
        }
    }

    /// Flushes for at most `limit`, then gives up what is unsent. Returns when the handle is gone; again = no effect.
    public func close(flush limit: Duration = .seconds(3)) async {
        await withCheckedContinuation { continuation in
            if !thread.give(.close(flush: limit, continuation)) { continuation.resume() }
        }
    }

    /// First offset kept and next offset to be written, asked from the partition's leader.
    public func watermarks(topic: String, partition: Int32) async throws(KafkaError) -> (low: Int64, high: Int64) {
        try await query { ClientQueries.watermarks($0, topic, partition, timeoutMs: Self.queryTimeoutMs) }
    }

    /// The topics the broker knows, with their number of partitions.
    public func metadata() async throws(KafkaError) -> ClusterMetadata {
        try await query { ClientQueries.metadata($0, timeoutMs: Self.queryTimeoutMs) }
    }

    /// The identity of the cluster. An embedded broker has a new one after each start: what it held is gone.
    public func clusterId() async throws(KafkaError) -> String {
        try await metadata().clusterId
    }

    private func query<T: Sendable>(
        _ work: @escaping @Sendable (OpaquePointer) -> Result<T, KafkaError>
    ) async throws(KafkaError) -> T {
        let result: Result<T, KafkaError> = await withCheckedContinuation { continuation in
            let isTaken = thread.give(.query { client in continuation.resume(returning: work(client)) })
            if !isTaken { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }
}
