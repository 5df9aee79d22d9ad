import Calendar

/// Another disclosure item took the place of this one.
public struct ItemSuperseded: Event {
    public static let type = "brightkitchen.disclosure.item.superseded.v1"
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
    /// The item that took its place.
    public var supersededBy: ItemID
    /// Time of publication of the other.
    public var supersededAt: Instant

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        version: Int,
        supersededBy: ItemID,
        supersededAt: Instant
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.version = version
        self.supersededBy = supersededBy
        self.supersededAt = supersededAt
    }
}
