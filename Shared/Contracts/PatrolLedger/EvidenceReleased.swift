import Calendar

/// The hold ended; retention counts again.
public struct EvidenceReleased: Event {
    public static let type = "brightkitchen.patrol.evidence.released.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Evidence.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Why it is released; screened.
    public var reason: String
    /// Time.
    public var releasedAt: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        reason: String,
        releasedAt: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.reason = reason
        self.releasedAt = releasedAt
    }
}
