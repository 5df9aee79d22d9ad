import Calendar
import Contracts
import ServiceKit

/// Model of `rule-preview.mustache`: what the change would have done to last month's events.
struct BulletinRulePreviewPage {
    struct RuleLine {
        let name: String
        let decided: Int
        let matching: Int
        let warning: String?
    }

    struct EventLine {
        let at: String
        let what: String
        let place: String
        let before: String
        let after: String
        let isChanged: Bool
    }

    /// Lines shown on the page; the API pages through all of them, and the page says how many there are.
    static let shown = 50

    let rules: [RuleLine]
    let lines: [EventLine]
    let hasLines: Bool
    let events: Int
    let changed: Int
    let unanswered: Int
    let hasWarnings: Bool
    let isCut: Bool
    let content: String
    let base: Int
    let reason: [FormField]
    let conflict: String?

    init(
        _ proposed: BulletinRuleSet, _ current: BulletinRuleStore.Version, _ run: BulletinDryRun, typed: FormData?,
        problem: Problem?, _ pages: Pages, _ context: BrightContext
    ) throws {
        let words = BulletinRuleWords(pages, context)
        func text(_ key: String) -> String { pages.text("notification.rules.\(key)", context) }
        rules = run.counts.map { count in
            RuleLine(
                name: count.name, decided: count.decided, matching: count.matching,
                warning: run.warnings.first { $0.rule == count.rule }.map { text("warning.\($0.warning.rawValue)") })
        }
        func outcome(_ outcome: BulletinDryRun.Outcome) -> String {
            if let waiting = outcome.waitingFor {
                return pages.text("notification.unroutable.\(waiting.rawValue)", context)
            }
            guard outcome.rule != nil else { return text("no_bulletin") }
            return (outcome.receivers + outcome.copies.map { "\($0)（\(text("copy"))）" }).joined(separator: "、")
        }
        // What changes is what the reader looks for.
        let ordered = run.lines.filter(\.isChanged) + run.lines.filter { !$0.isChanged }
        lines = ordered.prefix(Self.shown).map { line in
            EventLine(
                at: CivilText.short(line.occurredAt),
                what: [words.trigger(line.trigger), line.severity.map(words.severity)].compactMap { $0 }
                    .joined(separator: " · "),
                place: "\(line.schoolName) · \(line.canteenName)", before: outcome(line.before),
                after: outcome(line.after), isChanged: line.isChanged)
        }
        hasLines = !lines.isEmpty
        events = run.lines.count
        changed = run.changed
        unanswered = run.unanswered
        hasWarnings = !run.warnings.isEmpty
        isCut = run.lines.count > Self.shown
        content = String(decoding: try BrightJSON.encode(proposed), as: UTF8.self)
        base = current.version
        reason = [
            FormField(
                "reason", label: text("field.reason"), value: typed?.optional("reason") ?? "", kind: .area,
                fault: problem?.faults.first { $0.field == "reason" }?.detail[context.language], maximum: 500)
        ]
        conflict = problem?.detail[context.language]
    }
}
