import Calendar

/// No answer came in time: the organs above were told. On the topic of the receiving department.
public struct BulletinEscalated: Event {
    public static let type = "brightkitchen.notification.bulletin.escalated.v1"
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
    /// The deadline that passed, inclusive.
    public var answerBy: Instant
    /// Organs that were told. Empty where none is registered above.
    public var toOrganIds: [OrganID]
    /// Time.
    public var escalatedAt: Instant

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        receivingOrganId: OrganID,
        department: Department,
        answerBy: Instant,
        toOrganIds: [OrganID],
        escalatedAt: Instant
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.receivingOrganId = receivingOrganId
        self.department = department
        self.answerBy = answerBy
        self.toOrganIds = toOrganIds
        self.escalatedAt = escalatedAt
    }
}
