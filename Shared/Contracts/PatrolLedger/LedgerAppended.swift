/// An entry was appended to the patrol ledger (台账).
public struct LedgerAppended: Event {
    public static let type = "brightkitchen.patrol.ledger.appended.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Organ; partition key.
    public var organId: OrganID
    /// Gap-free number per organ and year.
    public var ledgerNumber: String
    /// Patrol that is recorded.
    public var patrolId: PatrolID
    /// SHA-256 of the stored entry, lower-case hex.
    public var contentHash: String
    /// Entry that this one corrects.
    public var correctsNumber: String?

    public init(
        organId: OrganID,
        ledgerNumber: String,
        patrolId: PatrolID,
        contentHash: String,
        correctsNumber: String? = nil
    ) {
        self.organId = organId
        self.ledgerNumber = ledgerNumber
        self.patrolId = patrolId
        self.contentHash = contentHash
        self.correctsNumber = correctsNumber
    }
}
