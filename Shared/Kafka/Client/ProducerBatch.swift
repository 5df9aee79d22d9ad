/// One `send` call on its way: which records are still without an answer.
///
/// @unchecked: after it has been handed over, only the producer's thread touches it.
final class ProducerBatch: @unchecked Sendable {
    let records: [KafkaRecord]
    /// The next record to hand to librdkafka.
    var next = 0
    private var results: [Result<RecordPosition, KafkaError>?]
    private var unanswered: Int
    private var continuation: CheckedContinuation<[Result<RecordPosition, KafkaError>], Never>?
    private(set) var isCancelled = false
    /// Keys of which a record was refused: what follows them in this batch is not sent.
    var refusedKeys: Set<[UInt8]> = []

    init(_ records: [KafkaRecord]) {
        self.records = records
        results = Array(repeating: nil, count: records.count)
        unanswered = records.count
    }

    var isAnswered: Bool { unanswered == 0 }

    func start(_ continuation: CheckedContinuation<[Result<RecordPosition, KafkaError>], Never>) {
        self.continuation = continuation
        if isCancelled { answerRest(.outcomeUnknown) } else { finishIfAnswered() }
    }

    func answer(_ index: Int, _ result: Result<RecordPosition, KafkaError>) {
        guard results[index] == nil else { return }
        results[index] = result
        unanswered -= 1
        finishIfAnswered()
    }

    /// Answers every record that has none yet.
    func answerRest(_ error: KafkaError) {
        next = records.count
        for index in results.indices where results[index] == nil { results[index] = .failure(error) }
        unanswered = 0
        finishIfAnswered()
    }

    func cancel() {
        isCancelled = true
        if continuation != nil { answerRest(.outcomeUnknown) }
    }

    private func finishIfAnswered() {
        guard unanswered == 0, let continuation else { return }
        self.continuation = nil
        continuation.resume(returning: results.map { $0 ?? .failure(.outcomeUnknown) })
    }
}
