import Calendar
import Contracts
import ServiceKit

/// The document in the form officials use (GB/T 9704): 发文机关, 文号, 标题, 主送, 正文, 附件, 落款, 日期, 抄送.
struct BulletinPaper {
    let issuer: String
    /// 发文字号: 〔2026〕1号, with the number of the register beside it.
    let documentNumber: String
    let number: String
    /// 加急 or 特急; absent for 平件.
    let urgency: String?
    let title: String
    let receivers: String
    let paragraphs: [String]
    let requirement: String
    let canteens: [String]
    let hasSeveral: Bool
    let item: String?
    let zone: String?
    let severity: String?
    let due: String?
    let answer: String?
    let evidence: [EvidenceLine]
    let hasEvidence: Bool
    let attachments: [AttachmentLine]
    let hasAttachments: Bool
    /// Heading over the evidence: the one attachment, or one of several.
    let evidenceTitle: String
    let issuedOn: String
    let copies: String?

    init(_ bulletin: Bulletin, _ pages: Pages, _ context: BrightContext) {
        issuer = bulletin.issuingOrganName ?? ""
        number = bulletin.number ?? ""
        documentNumber = bulletin.number.flatMap(BulletinNumber.document) ?? ""
        urgency =
            switch bulletin.urgency {
            case .normal: nil
            case .urgent: "加急"
            case .mostUrgent: "特急"
            }
        let isDraft = bulletin.state == .draft
        let cause = bulletin.title ?? ""
        title =
            isDraft && !cause.hasSuffix("通报") ? "关于\(cause)的通报" : bulletin.title ?? "校园食品安全问题通报"
        let mains = (bulletin.recipients ?? []).filter { $0.role == .main }.map(\.organName)
        receivers = mains.isEmpty ? bulletin.receivingOrganName ?? "" : mains.joined(separator: "、")
        paragraphs = (bulletin.facts ?? "").split(whereSeparator: \.isNewline).map(String.init)
        requirement = bulletin.requirement ?? ""
        canteens = (bulletin.canteens ?? []).map { "\($0.schoolName) \($0.canteenName)" }
        hasSeveral = canteens.count > 1
        item = bulletin.itemCode.map { code in [code, bulletin.itemText].compactMap { $0 }.joined(separator: " ") }
        zone = bulletin.zone.map { BulletinText.zone($0) }
        severity = bulletin.severity.map { BulletinText.severity($0) }
        due = bulletin.problemId == nil ? nil : bulletin.dueAt.map(CivilText.chinese)
        let answerBy = (bulletin.recipients ?? []).compactMap(\.answerBy).min()
        answer =
            answerBy.map { "请于\(CivilText.day($0))前通过平台答复办理情况。" }
            ?? (isDraft ? bulletin.answerDays.map { "请于签发之日起\($0)个工作日内通过平台答复办理情况。" } : nil)
        evidence = bulletin.evidence.map { EvidenceLine($0, pages, context) }
        hasEvidence = !evidence.isEmpty
        attachments = (bulletin.attachments ?? []).map(AttachmentLine.init)
        hasAttachments = !attachments.isEmpty
        evidenceTitle = attachments.isEmpty ? "附件：证据清单" : "证据清单"
        issuedOn = bulletin.issuedAt.map { CivilText.day($0) } ?? ""
        let informed = (bulletin.recipients ?? []).filter { $0.role == .copy }.map(\.organName)
        copies = informed.isEmpty ? nil : informed.joined(separator: "、")
    }
}
