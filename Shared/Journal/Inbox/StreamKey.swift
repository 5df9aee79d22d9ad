/// One producer's stream, as a consumer sees it.
struct StreamKey: Hashable, Sendable, Comparable {
    var source: String
    var topic: String
    var partitionKey: String

    static func < (left: StreamKey, right: StreamKey) -> Bool {
        (left.source, left.topic, left.partitionKey) < (right.source, right.topic, right.partitionKey)
    }
}
