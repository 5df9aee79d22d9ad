import Calendar

/// A recipient opened the notice.
public struct NoticeRead: Event {
    public static let type = "brightkitchen.notification.notice.read.v1"
    public var topic: Topic { .notification }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var noticeId: NoticeID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Who opened it.
    public var readBy: PersonID
    /// Time.
    public var readAt: Instant

    public init(
        noticeId: NoticeID,
        canteenId: CanteenID,
        readBy: PersonID,
        readAt: Instant
    ) {
        self.noticeId = noticeId
        self.canteenId = canteenId
        self.readBy = readBy
        self.readAt = readAt
    }
}
