import Calendar

/// A record of a topic that vendors write: no envelope that we could rely on.
public struct InboundRecord: Sendable {
    public let key: [UInt8]?
    public let value: [UInt8]
    public let partition: Int32
    public let offset: Int64
    /// The producer's or the broker's time.
    public let timestamp: Instant?

    public init(key: [UInt8]?, value: [UInt8], partition: Int32 = 0, offset: Int64 = 0, timestamp: Instant? = nil) {
        self.key = key
        self.value = value
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
    }
}
