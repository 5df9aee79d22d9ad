import Calendar
import Contracts
import ServiceKit

/// Model of `ledger.mustache`.
struct LedgerPage {
    struct Line {
        let at: String
        let what: String
        let severity: String?
        let severityTone: String
        let place: String?
        let recipient: String
        let person: String?
        let channel: String
        let state: String
        let stateTone: String
        let reason: String?
        let times: [Time]
    }

    struct Time {
        let label: String
        let at: String
    }

    let search: [FormField]
    let statistics: String
    let mayReadTemplates: Bool
    let total: Int
    let lines: [Line]
    let isEmpty: Bool
    let pager: Pager

    init(_ page: PageOf<LedgerEntry>, _ filter: LedgerFilter, _ pages: Pages, _ context: BrightContext) {
        search = Self.search(filter, pages, context)
        statistics = "/notification/ledger/statistics" + filter.query
        mayReadTemplates = context.may(.changeRules, intent: .read)
        total = page.total
        lines = page.items.map { Line($0, pages, context) }
        isEmpty = lines.isEmpty
        pager = page.pager(path: "/notification/ledger" + filter.query)
    }

    static func search(_ filter: LedgerFilter, _ pages: Pages, _ context: BrightContext) -> [FormField] {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        return [
            FormField("from", label: text("webhook.from"), value: filter.from.iso, type: "date"),
            FormField("to", label: text("webhook.to"), value: filter.to.iso, type: "date"),
            FormField(
                "channel", label: text("ledger.channel"), kind: .select, isOptional: true,
                options: LedgerChannel.allCases.map {
                    FormField.Option(
                        value: $0.rawValue, label: text("channel.\($0.rawValue)"), isSelected: filter.channel == $0)
                }),
            FormField(
                "state", label: text("bulletin.state"), kind: .select, isOptional: true,
                options: LedgerState.allCases.map {
                    FormField.Option(
                        value: $0.rawValue, label: text("ledger_state.\($0.rawValue)"), isSelected: filter.state == $0)
                }),
            FormField(
                "severity", label: text("ledger.severity"), kind: .select, isOptional: true,
                options: (1...3).map {
                    FormField.Option(
                        value: String($0), label: text("severity.\($0)"), isSelected: filter.severity == $0)
                }),
            FormField("q", label: text("ledger.search_id"), value: filter.text ?? "", isOptional: true, maximum: 100),
        ]
    }
}

extension LedgerPage.Line {
    init(_ entry: LedgerEntry, _ pages: Pages, _ context: BrightContext) {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        at = CivilText.short(entry.queuedAt)
        // A webhook is named after its event, everything else after the notice.
        what =
            entry.channel == .webhook
            ? pages.text(WebhookEventType.labelKey(entry.what), context) : text("kind.\(entry.what)")
        severity = entry.severity.map { text("severity.\(min(max($0, 1), 3))") }
        severityTone = entry.severity == 1 ? "error" : entry.severity == 2 ? "warn" : "neutral"
        let names = [entry.schoolName, entry.canteenName].compactMap { $0 }
        place = names.isEmpty ? nil : names.joined(separator: " · ")
        recipient =
            entry.recipientName ?? entry.recipientOrganId?.rawValue ?? entry.recipientSchoolId?.rawValue ?? "—"
        person = entry.personId?.rawValue
        channel = text("channel.\(entry.channel.rawValue)")
        state = text("ledger_state.\(entry.state.rawValue)")
        stateTone = entry.state.tone
        reason = entry.reason
        let all: [(String, Instant?)] = [
            ("sent", entry.sentAt), ("delivered", entry.deliveredAt), ("read", entry.readAt),
            ("acknowledged", entry.acknowledgedAt), (entry.state == .expired ? "expired" : "failed", entry.endedAt),
        ]
        times = all.compactMap { key, at in
            at.map { LedgerPage.Time(label: text("ledger_state.\(key)"), at: CivilText.short($0)) }
        }
    }
}
