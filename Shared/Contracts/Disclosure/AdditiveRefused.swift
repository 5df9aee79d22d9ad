import Calendar

/// A kitchen tried to enter a substance that no canteen may hold (nitrite): refused, and the organ is told.
public struct AdditiveRefused: Event {
    public static let type = "brightkitchen.disclosure.additive.refused.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// nitrite.
    public var substance: String
    /// Time of the attempt.
    public var refusedAt: Instant

    public init(
        canteenId: CanteenID,
        substance: String,
        refusedAt: Instant
    ) {
        self.canteenId = canteenId
        self.substance = substance
        self.refusedAt = refusedAt
    }
}
