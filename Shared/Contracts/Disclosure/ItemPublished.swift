import Calendar

/// A disclosure item became public (art 6). Published versions are immutable; a correction is a new version.
public struct ItemPublished: Event {
    public static let type = "brightkitchen.disclosure.item.published.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// 1 for the first publication.
    public var version: Int
    /// Time of publication.
    public var publishedAt: Instant
    /// Natural end of validity; absent where there is none.
    public var validTo: LocalDate?

    public init(
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        version: Int,
        publishedAt: Instant,
        validTo: LocalDate? = nil
    ) {
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.version = version
        self.publishedAt = publishedAt
        self.validTo = validTo
    }
}
