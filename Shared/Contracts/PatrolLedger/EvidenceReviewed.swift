import Calendar

/// A second look decided whether the evidence may support a referral (行政处罚法 art 41).
public struct EvidenceReviewed: Event {
    public static let type = "brightkitchen.patrol.evidence.reviewed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Evidence.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// admissible or inadmissible.
    public var verdict: String
    /// Why; always given with inadmissible.
    public var reason: String?
    /// Time.
    public var reviewedAt: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        verdict: String,
        reason: String? = nil,
        reviewedAt: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.verdict = verdict
        self.reason = reason
        self.reviewedAt = reviewedAt
    }
}
