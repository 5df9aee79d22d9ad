import Access
import Calendar
import Contracts

/// A bulletin as read. Everything below `number` is absent while it waits for its receiver.
struct Bulletin: Encodable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        case unroutable
        case issued
        case receipted
    }

    let bulletinId: BulletinID
    let state: State
    let waitingFor: UnroutableReason?
    let number: String?
    let cause: BulletinCause
    let canteenId: CanteenID
    let canteenName: String?
    let schoolId: SchoolID
    let schoolName: String?
    let schoolType: SchoolType?
    let divisionCode: String?
    let cityDirect: Bool?
    let problemId: ProblemID?
    let issuingOrganId: OrganID?
    let issuingOrganName: String?
    let receivingOrganId: OrganID?
    let receivingOrganName: String?
    let department: Department?
    let zone: ZoneCode?
    let itemCode: String?
    let itemText: String?
    let severity: Int?
    let facts: String?
    let evidence: [EvidenceReference]
    let requirement: String?
    let dueAt: Instant?
    let createdAt: Instant
    let issuedAt: Instant?
    let receiptedAt: Instant?
}
