/// A notice was put into the inbox of an organ or a school.
public struct NoticeCreated: Event {
    public static let type = "brightkitchen.notification.notice.created.v1"
    public var topic: Topic { .notification }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var noticeId: NoticeID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Receiving organ.
    public var recipientOrganId: OrganID?
    /// Receiving school.
    public var recipientSchoolId: SchoolID?
    /// What it is about, e.g. problem_found.
    public var kind: String
    /// CloudEvents id of the event that caused it.
    public var aboutEventId: String

    public init(
        noticeId: NoticeID,
        canteenId: CanteenID,
        recipientOrganId: OrganID? = nil,
        recipientSchoolId: SchoolID? = nil,
        kind: String,
        aboutEventId: String
    ) {
        self.noticeId = noticeId
        self.canteenId = canteenId
        self.recipientOrganId = recipientOrganId
        self.recipientSchoolId = recipientSchoolId
        self.kind = kind
        self.aboutEventId = aboutEventId
    }
}
