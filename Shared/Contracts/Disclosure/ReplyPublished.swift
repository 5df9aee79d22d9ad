import Calendar

/// The reply of a school or caterer to a rating (D2) or check (D8) is shown beside it (right of reply).
public struct ReplyPublished: Event {
    public static let type = "brightkitchen.disclosure.reply.published.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// The reply.
    public var replyId: ReplyID
    /// Stable id of the item.
    public var itemId: ItemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// D1…D9.
    public var category: DisclosureCategory
    /// Time of publication.
    public var publishedAt: Instant

    public init(
        replyId: ReplyID,
        itemId: ItemID,
        canteenId: CanteenID,
        category: DisclosureCategory,
        publishedAt: Instant
    ) {
        self.replyId = replyId
        self.itemId = itemId
        self.canteenId = canteenId
        self.category = category
        self.publishedAt = publishedAt
    }
}
