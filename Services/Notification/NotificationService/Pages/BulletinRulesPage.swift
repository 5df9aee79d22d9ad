import Calendar
import Contracts
import ServiceKit

/// Model of `rules.mustache`.
struct BulletinRulesPage {
    struct Line {
        let position: Int
        let name: String
        let id: String
        let conditions: String
        let receivers: String
        let isEnabled: Bool
        let decided: Int
        let warning: String?
        let edit: String
    }

    struct Version {
        let version: Int
        let inForceAt: String
        let reason: String
    }

    let version: Int
    let terms: String
    let lines: [Line]
    let versions: [Version]
    let events: Int
    let unanswered: Int
    let mayChange: Bool
    let approvalsPath: String

    init(
        _ current: BulletinRuleStore.Version, _ all: [BulletinRuleStore.Version], _ run: BulletinDryRun,
        approvalsPath: String, _ pages: Pages, _ context: BrightContext
    ) {
        let words = BulletinRuleWords(pages, context)
        version = current.version
        terms = words.terms(current.content.terms)
        mayChange = context.may(.changeRules)
        lines = current.content.rules.enumerated().map { index, rule in
            Line(
                position: index + 1, name: rule.name, id: rule.id, conditions: words.conditions(rule),
                receivers: words.receivers(rule), isEnabled: rule.isEnabled,
                decided: run.counts.first { $0.rule == rule.id }?.decided ?? 0,
                warning: run.warnings.first { $0.rule == rule.id }.map {
                    pages.text("notification.rules.warning.\($0.warning.rawValue)", context)
                }, edit: "/notification/rules/edit?rule=\(rule.id)")
        }
        versions = all.map { one in
            Version(
                version: one.version, inForceAt: one.inForceAt.map(CivilText.short) ?? "—",
                reason: one.reason ?? pages.text("notification.rules.first_version", context))
        }
        events = run.lines.count
        unanswered = run.unanswered
        self.approvalsPath = approvalsPath
    }
}
