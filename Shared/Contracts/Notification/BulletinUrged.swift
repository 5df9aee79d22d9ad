import Calendar

/// The issuing organ, or one above it, urged the receiver to answer (催办). On the topic of the receiving department.
public struct BulletinUrged: Event {
    public static let type = "brightkitchen.notification.bulletin.urged.v1"
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
    /// Organ that urged.
    public var urgedByOrganId: OrganID
    /// What it says, screened for personal data.
    public var note: String?
    /// How often by now.
    public var urgedTimes: Int
    /// Deadline of the answer, inclusive.
    public var answerBy: Instant?
    /// Time.
    public var urgedAt: Instant

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        receivingOrganId: OrganID,
        department: Department,
        urgedByOrganId: OrganID,
        note: String? = nil,
        urgedTimes: Int,
        answerBy: Instant? = nil,
        urgedAt: Instant
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.receivingOrganId = receivingOrganId
        self.department = department
        self.urgedByOrganId = urgedByOrganId
        self.note = note
        self.urgedTimes = urgedTimes
        self.answerBy = answerBy
        self.urgedAt = urgedAt
    }
}
