import Calendar

/// A disclosure item waits for the person who answers for it to publish or return it.
public struct ItemSubmitted: Event {
    public static let type = "brightkitchen.disclosure.item.submitted.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// The version it will be when it is published.
    public var version: Int
    /// Time of submission.
    public var submittedAt: Instant

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        version: Int,
        submittedAt: Instant
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.version = version
        self.submittedAt = submittedAt
    }
}
