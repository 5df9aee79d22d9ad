import Access
import Calendar
import Contracts
import ServiceKit

/// Model of `thread.mustache`.
struct ThreadPage {
    struct Entry {
        let kind: String
        let at: String
        let tone: String
        let paragraphs: [Paragraph]
        let evidence: [EvidenceLine]
        let hasEvidence: Bool
    }

    struct Paragraph {
        let label: String?
        let text: String
    }

    let itemId: String
    let school: String?
    let canteen: String?
    let itemCode: String?
    let itemText: String?
    let zone: String?
    let severity: String?
    let severityTone: String
    let state: String
    let stateTone: String
    let foundAt: String?
    let acknowledgeBy: DueText?
    let rectifyBy: DueText?
    let problemLink: String?
    let bulletinNumber: String?
    let bulletinLink: String?
    /// Where a regulator begins a bulletin about it.
    let draftLink: String?
    let entries: [Entry]
    let isAcknowledged: Bool
    let acknowledgedAt: String?
    let nobodyReads: Bool

    init(
        _ thread: ProblemThread, _ item: InboxItem, _ timeline: [TimelineEntry], canteen: Canteen?,
        bulletin: BulletinStore.Finding?,
        schoolReaders: Int, _ pages: Pages, _ context: BrightContext
    ) {
        itemId = item.itemId
        school = canteen?.schoolName
        self.canteen = canteen?.name
        itemCode = thread.itemCode
        itemText = thread.itemText
        zone = thread.zone.map { pages.label($0, context) }
        severity = thread.severity.map { pages.text("notification.severity.\(min(max($0, 1), 3))", context) }
        severityTone = thread.severity == 1 ? "error" : thread.severity == 2 ? "warn" : "neutral"
        state = pages.text("notification.state.\(thread.state.rawValue)", context)
        stateTone = StateTone.of(thread.state)
        foundAt = thread.foundAt.map(CivilText.short)
        let isOpen = thread.state.isOpen
        acknowledgeBy = thread.acknowledgeBy.map {
            DueText($0, isOpen: thread.state == .found, pages, context)
        }
        rectifyBy = thread.rectifyBy.map {
            DueText($0, isOpen: isOpen && thread.state != .submitted, pages, context)
        }
        let resource = canteen?.resource ?? Resource(schoolId: thread.schoolId)
        problemLink =
            context.may(.seeProblem, on: resource, intent: .read) ? "/patrol/problems/\(thread.problemId)" : nil
        let mayReadBulletins = context.may(.readBulletins, intent: .read)
        bulletinNumber = mayReadBulletins ? bulletin?.number : nil
        bulletinLink = bulletinNumber == nil ? nil : bulletin.map { "/notification/bulletins/\($0.bulletinId)" }
        draftLink =
            context.may(.issueBulletin, on: resource)
            ? "/notification/bulletins/new?canteens=\(thread.canteenId)&problem=\(thread.problemId)" : nil
        entries = timeline.map { Entry($0, pages, context) }
        isAcknowledged = item.acknowledgedAt != nil
        acknowledgedAt = item.acknowledgedAt.map(CivilText.short)
        nobodyReads = schoolReaders == 0
    }
}

extension ThreadPage.Entry {
    init(_ entry: TimelineEntry, _ pages: Pages, _ context: BrightContext) {
        kind = pages.text("notification.kind.\(entry.kind.rawValue)", context)
        at = CivilText.short(entry.occurredAt)
        tone =
            switch entry.kind {
            case .problemFound, .rectificationReturned: "error"
            case .rectificationAccepted, .problemClosed: "ok"
            default: "neutral"
            }
        let facts = entry.facts
        let labelled: [(String, String?)] = [
            ("notification.fact.cause", facts.cause), ("notification.fact.measure", facts.measure),
            ("notification.fact.prevention", facts.prevention), ("notification.fact.reason", facts.reason),
            ("notification.fact.outcome", facts.outcome.map { pages.label($0, context) }),
        ]
        var paragraphs: [ThreadPage.Paragraph] = []
        if let description = facts.description {
            paragraphs.append(ThreadPage.Paragraph(label: nil, text: description))
        }
        for (key, text) in labelled {
            if let text { paragraphs.append(ThreadPage.Paragraph(label: pages.text(key, context), text: text)) }
        }
        self.paragraphs = paragraphs
        evidence = (facts.evidence ?? []).map { EvidenceLine($0, pages, context) }
        hasEvidence = !evidence.isEmpty
    }
}
