import Calendar

/// An officer who was not involved decided an appeal. Upheld: the item was withdrawn.
public struct AppealDecided: Event {
    public static let type = "brightkitchen.disclosure.appeal.decided.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// The appeal.
    public var appealId: AppealID
    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// True when the school was right.
    public var upheld: Bool
    /// Time of the decision.
    public var decidedAt: Instant

    public init(
        appealId: AppealID,
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        upheld: Bool,
        decidedAt: Instant
    ) {
        self.appealId = appealId
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.upheld = upheld
        self.decidedAt = decidedAt
    }
}
