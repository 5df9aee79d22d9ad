import Access
import Calendar
import Contracts

/// A bulletin as read. Everything below `number` is absent while it waits for its receiver.
struct Bulletin: Encodable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        /// 草稿.
        case draft
        /// An automatic one whose receiver is not known yet.
        case unroutable
        /// 已签发.
        case issued
        /// 已送达: opened by the receiver, or handed to its webhook.
        case delivered
        /// 已签收.
        case receipted
        /// 已答复.
        case answered
        /// 已办结.
        case closed
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
    /// Title (标题); absent while an automatic one waits, and for those before titles were kept.
    let title: String?
    let urgency: BulletinUrgency
    /// Working days for the answer.
    let answerDays: Int?
    /// The deadlines reach into a year whose holiday notice is not published.
    let deadlinesProvisional: Bool
    /// Trigger and rule of an automatic one.
    let trigger: String?
    let rule: String?
    let correctsId: BulletinID?
    let correctsNumber: String?
    let correctedById: BulletinID?
    let correctedByNumber: String?
    let closedAt: Instant?
    let closeNote: String?
    /// Of a draft: to be named when it is changed or issued.
    let version: Int
    /// What the caller's own organ has to do about it, where it is a receiver.
    let own: BulletinRecipient?
    /// Of a single bulletin only.
    var canteens: [BulletinCanteen]?
    var problems: [BulletinProblem]?
    var recipients: [BulletinRecipient]?
    var attachments: [BulletinAttachment]?
}
