import Calendar
import Contracts
import ServiceKit

/// Model of `bulletin.mustache`: the document itself is Chinese in any language of the page.
struct BulletinPage {
    let isWaiting: Bool
    let waitingFor: String?
    let state: String
    let stateTone: String
    let number: String
    let issuer: String
    let receiver: String
    let facts: String
    let requirement: String
    let school: String
    let canteen: String
    let schoolType: String?
    let isCityDirect: Bool
    let item: String?
    let zone: String?
    let severity: String?
    let evidence: [EvidenceLine]
    let hasEvidence: Bool
    let due: DueText?
    let issuedOn: String
    let receiptedAt: String?
    let itemId: String?
    let canReceipt: Bool
    let problemLink: String?

    init(_ bulletin: Bulletin, item: InboxItem?, _ pages: Pages, _ context: BrightContext) {
        isWaiting = bulletin.state == .unroutable
        waitingFor = bulletin.waitingFor.map { pages.text("notification.unroutable.\($0.rawValue)", context) }
        state = pages.text("notification.bulletin_state.\(bulletin.state.rawValue)", context)
        stateTone = StateTone.of(bulletin.state)
        number = bulletin.number ?? pages.text("notification.bulletin.waiting", context)
        issuer = bulletin.issuingOrganName ?? ""
        receiver = bulletin.receivingOrganName ?? ""
        facts = bulletin.facts ?? ""
        requirement = bulletin.requirement ?? ""
        school = bulletin.schoolName ?? bulletin.schoolId.rawValue
        canteen = bulletin.canteenName ?? bulletin.canteenId.rawValue
        schoolType = bulletin.schoolType.map { pages.label($0, context) }
        isCityDirect = bulletin.cityDirect ?? false
        self.item = bulletin.itemCode.map { code in [code, bulletin.itemText].compactMap { $0 }.joined(separator: " ") }
        zone = bulletin.zone.map { pages.label($0, context) }
        severity = bulletin.severity.map { pages.text("notification.severity.\(min(max($0, 1), 3))", context) }
        evidence = bulletin.evidence.map { EvidenceLine($0, pages, context) }
        hasEvidence = !evidence.isEmpty
        due = bulletin.dueAt.map { DueText($0, isOpen: bulletin.state == .issued, pages, context) }
        issuedOn = bulletin.issuedAt.map { CivilText.chinese($0) } ?? ""
        receiptedAt = bulletin.receiptedAt.map(CivilText.short)
        itemId = item?.itemId
        canReceipt = item != nil && item?.acknowledgedAt == nil
        problemLink = bulletin.problemId.flatMap { id in
            context.may(.seeProblem, intent: .read) ? "/patrol/problems/\(id)" : nil
        }
    }
}
