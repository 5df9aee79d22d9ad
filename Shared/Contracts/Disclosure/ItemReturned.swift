import Calendar

/// A submitted disclosure item was sent back to whoever prepared it.
public struct ItemReturned: Event {
    public static let type = "brightkitchen.disclosure.item.returned.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// What has to be changed; screened free text.
    public var reason: String
    /// Time of the return.
    public var returnedAt: Instant

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        reason: String,
        returnedAt: Instant
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.reason = reason
        self.returnedAt = returnedAt
    }
}
