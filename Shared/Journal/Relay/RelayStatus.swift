/// How the relay is doing, for readiness and metrics.
public struct RelayStatus: Sendable, Hashable {
    /// True while this process holds the lock of its schema. Another process's relay is as good.
    public var isLeading = false
    /// Entries waiting to be sequenced or sent, as of the last look (at most two seconds ago).
    public var pending = 0
    /// Keys whose entries the broker refuses for good.
    public var parkedKeys = 0
    /// The latest failure, nil since the last success.
    public var lastError: String?
    /// Why no more checkpoints are signed; nil while they are.
    public var signingHalted: String?
    /// Size of the latest signed checkpoint.
    public var checkpointSize: UInt64 = 0

    public init() {}
}
