import Calendar

/// Nobody acknowledged a notice in time, so that the next step of the ladder (逐级提醒) was taken.
public struct NoticeEscalated: Event {
    public static let type = "brightkitchen.notification.notice.escalated.v1"
    public var topic: Topic { .notification }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Notice that this step created.
    public var noticeId: NoticeID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Organ that did not acknowledge.
    public var silentOrganId: OrganID?
    /// School that did not acknowledge.
    public var silentSchoolId: SchoolID?
    /// Organ that is told now; absent where the silent recipient itself is reminded.
    public var escalatedToOrganId: OrganID?
    /// 1 = first reminder, 2 = the organ above.
    public var step: Int
    /// Time.
    public var escalatedAt: Instant

    public init(
        noticeId: NoticeID,
        canteenId: CanteenID,
        silentOrganId: OrganID? = nil,
        silentSchoolId: SchoolID? = nil,
        escalatedToOrganId: OrganID? = nil,
        step: Int,
        escalatedAt: Instant
    ) {
        self.noticeId = noticeId
        self.canteenId = canteenId
        self.silentOrganId = silentOrganId
        self.silentSchoolId = silentSchoolId
        self.escalatedToOrganId = escalatedToOrganId
        self.step = step
        self.escalatedAt = escalatedAt
    }
}
