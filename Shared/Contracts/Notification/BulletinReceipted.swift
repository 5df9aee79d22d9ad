import Calendar

/// The receiving organ gave its receipt (签收). On the topic of the receiving department.
public struct BulletinReceipted: Event {
    public static let type = "brightkitchen.notification.bulletin.receipted.v1"
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
    /// Time.
    public var receiptedAt: Instant
    /// After the deadline of the receipt.
    public var late: Bool

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        receivingOrganId: OrganID,
        department: Department,
        receiptedAt: Instant,
        late: Bool
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.receivingOrganId = receivingOrganId
        self.department = department
        self.receiptedAt = receiptedAt
        self.late = late
    }
}
