import Contracts
import ServiceKit

/// A rule in words, for pages and for the person who agrees to it.
struct BulletinRuleWords {
    private let pages: Pages
    private let context: BrightContext

    init(_ pages: Pages, _ context: BrightContext) {
        self.pages = pages
        self.context = context
    }

    private func text(_ key: String, _ arguments: [String: String] = [:]) -> String {
        pages.text("notification.rules.\(key)", context, arguments)
    }

    func terms(_ terms: BulletinTerms) -> String {
        text(
            "terms_line",
            [
                "receipt": String(terms.receiptDays), "answer": String(terms.answerDays),
                "escalation": String(terms.escalationDays),
            ])
    }

    func trigger(_ trigger: BulletinTrigger) -> String { text("trigger.\(trigger.rawValue)") }
    func receiver(_ receiver: BulletinReceiver) -> String { text("receiver.\(receiver.rawValue)") }

    func severity(_ severity: Int) -> String {
        pages.text("notification.severity.\(min(max(severity, 1), 3))", context)
    }

    func conditions(_ rule: BulletinRule) -> String {
        var parts: [String] = [rule.triggers.map(trigger).joined(separator: "、")]
        parts += [
            rule.severities.map(severity), rule.origins.map { pages.label($0, context) },
            rule.schoolTypes.map { pages.label($0, context) }, rule.divisions,
            rule.departments.map { pages.label($0, context) },
        ].filter { !$0.isEmpty }.map { $0.joined(separator: "、") }
        if let direct = rule.cityDirect { parts.append(text(direct ? "city_direct.yes" : "city_direct.no")) }
        if let caterer = rule.caterer { parts.append(text(caterer ? "caterer.yes" : "caterer.no")) }
        return parts.joined(separator: "；")
    }

    func receivers(_ rule: BulletinRule) -> String {
        guard !rule.receivers.isEmpty else { return text("no_bulletin") }
        let mains = rule.receivers.map(receiver).joined(separator: "、")
        let copies = rule.copies.map(receiver).joined(separator: "、")
        let urgency = pages.text("notification.urgency.\(rule.urgency.rawValue)", context)
        return copies.isEmpty ? "\(mains)（\(urgency)）" : "\(mains)（\(urgency)），\(text("copy")) \(copies)"
    }

    func line(_ rule: BulletinRule) -> String {
        let body = "\(conditions(rule)) → \(receivers(rule))"
        return rule.isEnabled ? body : "\(text("disabled"))：\(body)"
    }
}
