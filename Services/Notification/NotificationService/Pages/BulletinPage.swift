import Access
import Calendar
import Contracts
import ServiceKit

/// Model of `bulletin.mustache`: the document itself is Chinese in any language of the page.
struct BulletinPage {
    struct Receiver {
        let name: String
        let role: String
        let state: String
        let tone: String
        let receipt: String?
        let due: DueText?
        let answeredAt: String?
        let isLate: Bool
        let answer: String?
        let urged: String?
        let escalatedAt: String?
    }

    struct ProblemLine {
        let text: String
        let state: String
        let tone: String
        let link: String?
    }

    let isWaiting: Bool
    let isDraft: Bool
    let waitingFor: String?
    let state: String
    let stateTone: String
    let number: String
    let paper: BulletinPaper
    let school: String
    let canteen: String
    let receivers: [Receiver]
    let hasReceivers: Bool
    let problems: [ProblemLine]
    let hasProblems: Bool
    let isProvisional: Bool
    let correctedLink: String?
    let correctedNumber: String?
    let correctsLink: String?
    let correctsNumber: String?
    let rule: String?
    let closedAt: String?
    let closeNote: String?
    let nobodyReads: [String]
    let hasNobodyReads: Bool
    let path: String
    /// Id of this bulletin, for the link that starts its correction.
    let correctsPath: String
    let version: Int
    let canReceipt: Bool
    let canAnswer: Bool
    let canUrge: Bool
    let urgesSchools: Bool
    let canClose: Bool
    let canCorrect: Bool
    let answerField: [FormField]
    let noteField: [FormField]
    let closeField: [FormField]
    let conflict: String?
    /// Attachments of a draft, each with a button that takes it off.
    let draftFiles: [AttachmentLine]
    let hasDraftFiles: Bool

    init(
        _ bulletin: Bulletin, unread: [String], typed: FormData?, problem: Problem?, _ pages: Pages,
        _ context: BrightContext
    ) {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        let organ = context.principal?.organId
        let isIssuer = organ != nil && organ == bulletin.issuingOrganId
        isWaiting = bulletin.state == .unroutable
        isDraft = bulletin.state == .draft
        waitingFor = bulletin.waitingFor.map { text("unroutable.\($0.rawValue)") }
        state = text("bulletin_state.\(bulletin.state.rawValue)")
        stateTone = StateTone.of(bulletin.state)
        number = bulletin.number ?? text("bulletin.waiting")
        paper = BulletinPaper(bulletin, pages, context)
        school = bulletin.schoolName ?? bulletin.schoolId.rawValue
        canteen = bulletin.canteenName ?? bulletin.canteenId.rawValue
        let mayMark = bulletin.state != .closed
        receivers =
            isDraft ? [] : (bulletin.recipients ?? []).map { Receiver($0, isOpen: mayMark, pages, context) }
        hasReceivers = !receivers.isEmpty
        let maySee = context.may(.seeProblem, intent: .read)
        problems = (bulletin.problems ?? []).map { found in
            ProblemLine(
                text: [found.itemCode, found.itemText].compactMap { $0 }.joined(separator: " "),
                state: text("state.\(found.state.rawValue)"), tone: StateTone.of(found.state),
                link: maySee ? "/patrol/problems/\(found.problemId)" : nil)
        }
        hasProblems = !problems.isEmpty
        isProvisional = bulletin.deadlinesProvisional
        correctedLink = bulletin.correctedById.map { "/notification/bulletins/\($0)" }
        correctedNumber = bulletin.correctedByNumber
        correctsLink = bulletin.correctsId.map { "/notification/bulletins/\($0)" }
        correctsNumber = bulletin.correctsNumber
        rule = bulletin.rule
        closedAt = bulletin.closedAt.map(CivilText.short)
        closeNote = bulletin.closeNote
        nobodyReads = unread
        hasNobodyReads = !unread.isEmpty
        path = "/notification/bulletins/\(bulletin.bulletinId)"
        correctsPath = bulletin.bulletinId.rawValue
        version = bulletin.version
        let isNumbered = bulletin.number != nil && mayMark
        canReceipt = isNumbered && bulletin.own?.needsReceipt ?? false
        canAnswer = isNumbered && bulletin.own?.needsAnswer ?? false
        urgesSchools = !isIssuer && bulletin.own?.role == .main
        let someSilent = (bulletin.recipients ?? []).contains { $0.needsAnswer }
        let mayUrgeReceivers = someSilent && (isIssuer || context.principal?.role == .cityRegulator)
        canUrge = isNumbered && context.may(.urge) && (urgesSchools || mayUrgeReceivers)
        canClose = bulletin.state == .answered && isIssuer && context.may(.issueBulletin)
        canCorrect =
            bulletin.number != nil && bulletin.correctedById == nil && isIssuer && context.may(.issueBulletin)
        func field(_ name: String, _ label: String, maximum: Int, isOptional: Bool) -> [FormField] {
            [
                FormField(
                    name, label: text(label), value: typed?.optional(name) ?? "", kind: .area,
                    fault: problem?.faults.first { $0.field == name }?.detail[context.language],
                    isOptional: isOptional, maximum: maximum)
            ]
        }
        answerField = field("answer", "bulletin.answer_label", maximum: 2000, isOptional: false)
        noteField = field("note", "bulletin.note_label", maximum: 300, isOptional: true)
        closeField = field("note", "bulletin.note_label", maximum: 500, isOptional: true)
        conflict = problem.map { problem in
            ([problem.detail[context.language]] + problem.faults.map { $0.detail[context.language] })
                .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " ")
        }
        draftFiles = isDraft ? (bulletin.attachments ?? []).map(AttachmentLine.init) : []
        hasDraftFiles = !draftFiles.isEmpty
    }
}

extension BulletinPage.Receiver {
    init(_ receiver: BulletinRecipient, isOpen: Bool, _ pages: Pages, _ context: BrightContext) {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        name = receiver.organName
        role = text("role.\(receiver.role.rawValue)")
        let standing: Bulletin.State =
            receiver.answeredAt != nil
            ? .answered
            : receiver.receiptedAt != nil ? .receipted : receiver.deliveredAt != nil ? .delivered : .issued
        state = text("bulletin_state.\(standing.rawValue)")
        tone = StateTone.of(standing)
        receipt = receiver.receiptedAt.map(CivilText.short)
        let next = receiver.receiptedAt == nil ? receiver.receiptBy : receiver.answerBy
        due =
            receiver.answeredAt == nil
            ? next.map { DueText($0, isOpen: isOpen, pages, context) } : nil
        answeredAt = receiver.answeredAt.map(CivilText.short)
        isLate = receiver.answeredLate
        answer = receiver.answer
        urged =
            receiver.urgedTimes == 0
            ? nil : pages.text("notification.bulletin.urged", context, ["n": String(receiver.urgedTimes)])
        escalatedAt = receiver.escalatedAt.map(CivilText.short)
    }
}
