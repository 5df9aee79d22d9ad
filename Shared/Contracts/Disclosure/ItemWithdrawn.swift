import Calendar

/// A disclosure item is no longer shown. Its versions stay on record.
public struct ItemWithdrawn: Event {
    public static let type = "brightkitchen.disclosure.item.withdrawn.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// Version that was public.
    public var version: Int
    /// Why; screened free text, public.
    public var reason: String
    /// Time of withdrawal.
    public var withdrawnAt: Instant

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        version: Int,
        reason: String,
        withdrawnAt: Instant
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.version = version
        self.reason = reason
        self.withdrawnAt = withdrawnAt
    }
}
