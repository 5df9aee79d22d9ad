/// The outcome of a verification.
public struct VerificationReport: Hashable, Sendable, Codable {
    /// Entries in the tree that were recomputed.
    public var entries: UInt64 = 0
    /// Entries that are appended and not in the tree yet.
    public var unsequenced: Int = 0
    /// Checkpoints whose signature and root were checked, external ones included.
    public var checkpoints: Int = 0
    /// Size of the largest checkpoint that holds; entries behind it are only vouched for by the database itself.
    public var vouchedSize: UInt64 = 0
    /// RFC 6962 root over all entries, lower-case hex.
    public var root: String = MerkleTree.emptyRoot.hex
    /// At most `maximumFailures`.
    public var failures: [VerificationFailure] = []
    public var failureCount: Int = 0

    public static let maximumFailures = 1_000

    public init() {}

    public var isIntact: Bool { failureCount == 0 }

    mutating func add(_ failure: VerificationFailure) {
        failureCount += 1
        if failures.count < Self.maximumFailures { failures.append(failure) }
    }
}
