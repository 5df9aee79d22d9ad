import Calendar

/// A file or row no longer matches what was sealed (scenario 10).
public struct EvidenceIntegrityFailed: Event {
    public static let type = "brightkitchen.patrol.evidence.integrity-failed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Evidence.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Problems that rest on it.
    public var problemIds: [ProblemID]
    /// Digest that was sealed, lower-case hex.
    public var expectedHash: String
    /// Digest of the file as it is; absent when the file is missing.
    public var foundHash: String?
    /// Time.
    public var detectedAt: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        problemIds: [ProblemID],
        expectedHash: String,
        foundHash: String? = nil,
        detectedAt: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.problemIds = problemIds
        self.expectedHash = expectedHash
        self.foundHash = foundHash
        self.detectedAt = detectedAt
    }
}
