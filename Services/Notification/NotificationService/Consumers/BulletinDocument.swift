import Calendar
import Contracts

/// A bulletin that is complete and about to be numbered and sent.
struct BulletinDocument: Sendable {
    let bulletinId: BulletinID
    let issuer: Organ
    /// 主送, at least one.
    let mains: [Organ]
    let copies: [Organ]
    let cause: BulletinCause
    let title: String
    let urgency: BulletinUrgency
    let facts: String
    let requirement: String
    /// At least one; the first names the bulletin in lists.
    let canteens: [Canteen]
    let problems: [ProblemID]
    /// The one finding of an automatic bulletin.
    var finding: ProblemFound?
    let evidence: [EvidenceReference]
    /// 附件; `href` is a path of this platform.
    var attachments: [BulletinAttachment] = []
    /// Until when the school has to act; nil = the term of the answer.
    var dueAt: Instant?
    let terms: BulletinTerms
    var trigger: BulletinTrigger?
    /// Version and rule that routed it: `3/serious`.
    var rule: String?
    var correctsId: BulletinID?
    var correctsNumber: String?
    /// Who signed it; nil for an automatic one.
    var issuedBy: PersonID?
}
