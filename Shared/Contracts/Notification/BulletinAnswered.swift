import Calendar

/// The receiving organ answered (答复). On the topic of the receiving department.
public struct BulletinAnswered: Event {
    public static let type = "brightkitchen.notification.bulletin.answered.v1"
    public var topic: Topic { .bulletins(for: department) }
    public var partitionKey: String { receivingOrganId.rawValue }
    public var subject: String { bulletinId.rawValue }

    /// Stable id of the bulletin; subject.
    public var bulletinId: BulletinID
    /// Its number.
    public var number: String
    /// Organ that issued it.
    public var issuingOrganId: OrganID
    /// Organ that received it; partition key.
    public var receivingOrganId: OrganID
    /// Department of the receiving organ; decides the topic.
    public var department: Department
    /// The answer, screened for personal data.
    public var answer: String
    /// Time.
    public var answeredAt: Instant
    /// After the deadline of the answer; a late answer is shown as such.
    public var late: Bool

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        receivingOrganId: OrganID,
        department: Department,
        answer: String,
        answeredAt: Instant,
        late: Bool
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.receivingOrganId = receivingOrganId
        self.department = department
        self.answer = answer
        self.answeredAt = answeredAt
        self.late = late
    }
}
