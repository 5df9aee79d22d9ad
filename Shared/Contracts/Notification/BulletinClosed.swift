import Calendar

/// The issuing organ closed the bulletin (办结), or a correcting bulletin took its place. On the topic of the receiving department.
public struct BulletinClosed: Event {
    public static let type = "brightkitchen.notification.bulletin.closed.v1"
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
    /// answered or corrected.
    public var outcome: String
    /// Number of the correcting bulletin.
    public var correctedByNumber: String?
    /// Time.
    public var closedAt: Instant

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        receivingOrganId: OrganID,
        department: Department,
        outcome: String,
        correctedByNumber: String? = nil,
        closedAt: Instant
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.receivingOrganId = receivingOrganId
        self.department = department
        self.outcome = outcome
        self.correctedByNumber = correctedByNumber
        self.closedAt = closedAt
    }
}
