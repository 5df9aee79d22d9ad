/// What a relay did; where a fault can be injected, and where progress can be watched.
public enum RelayStep: Hashable, Sendable {
    /// It holds the lock of its schema now.
    case leading
    /// Entries have a leaf index, durably.
    case sequenced(count: Int)
    /// The broker has acknowledged all it will acknowledge of a batch; nothing is marked yet.
    case delivered(count: Int)
    /// Pending rows of a batch are deleted, durably.
    case marked(count: Int)
    case checkpointSigned(size: UInt64)
    /// All entries up to here are being sent again.
    case republishing(until: UInt64)
}
