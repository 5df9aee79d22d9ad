import Calendar

/// A published disclosure item ends soon: told 60, 30, 7 and 0 days before.
public struct ItemExpiring: Event {
    public static let type = "brightkitchen.disclosure.item.expiring.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// Last day of validity.
    public var validTo: LocalDate
    /// 60, 30, 7 or 0.
    public var daysLeft: Int

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        validTo: LocalDate,
        daysLeft: Int
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.validTo = validTo
        self.daysLeft = daysLeft
    }
}
