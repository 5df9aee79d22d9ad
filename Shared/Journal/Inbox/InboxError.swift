/// The inbox tables contradict themselves, or a handler took too long.
enum InboxError: Error, Hashable, Sendable, CustomStringConvertible {
    case waitingRecordMissing(stream: StreamKey, sequence: Int64)
    case deadlineExceeded(Duration)

    var description: String {
        switch self {
        case .waitingRecordMissing(let stream, let sequence):
            "record \(sequence) of \(stream.topic)/\(stream.partitionKey) is counted as waiting but not stored"
        case .deadlineExceeded(let limit): "the handler did not finish within \(limit)"
        }
    }
}
