import Calendar

/// A school or caterer contests a rating (D2) or check (D8).
public struct AppealFiled: Event {
    public static let type = "brightkitchen.disclosure.appeal.filed.v1"
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
    /// Last day for the decision, 20 working days; absent where the calendar is not known.
    public var decideBy: LocalDate?
    /// Time of filing.
    public var filedAt: Instant

    public init(
        appealId: AppealID,
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        decideBy: LocalDate? = nil,
        filedAt: Instant
    ) {
        self.appealId = appealId
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.decideBy = decideBy
        self.filedAt = filedAt
    }
}
