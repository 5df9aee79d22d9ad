import Calendar

/// The original was removed after its retention; this is the record of it (处置记录).
public struct EvidenceDisposed: Event {
    public static let type = "brightkitchen.patrol.evidence.disposed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Evidence.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// sha256.
    public var hashAlgorithm: String
    /// Digest of what was removed, lower-case hex.
    public var hash: String
    /// Why; screened.
    public var reason: String
    /// Time.
    public var disposedAt: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        hashAlgorithm: String,
        hash: String,
        reason: String,
        disposedAt: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.hashAlgorithm = hashAlgorithm
        self.hash = hash
        self.reason = reason
        self.disposedAt = disposedAt
    }
}
