import Calendar

/// A hold keeps the evidence beyond its retention.
public struct EvidenceHeld: Event {
    public static let type = "brightkitchen.patrol.evidence.held.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Evidence.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Why it is held; screened.
    public var reason: String
    /// Time.
    public var heldAt: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        reason: String,
        heldAt: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.reason = reason
        self.heldAt = heldAt
    }
}
