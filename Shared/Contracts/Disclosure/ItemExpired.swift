import Calendar

/// The validity of a published disclosure item is over; it no longer counts.
public struct ItemExpired: Event {
    public static let type = "brightkitchen.disclosure.item.expired.v1"
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
    /// Last day of validity.
    public var validTo: LocalDate

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        version: Int,
        validTo: LocalDate
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.version = version
        self.validTo = validTo
    }
}
