import Calendar
import Contracts
import Postgres
import ServiceKit

/// The routing table as something to be changed: tried on what happened, proposed by one person, agreed to by another.
struct BulletinRuleBook: Sendable {
    static let kindName = "bulletin_rules"

    let pool: PostgresPool

    /// What is proposed: a whole table, and the version that its author saw.
    struct Proposal: Codable, Sendable {
        let baseVersion: Int
        let content: BulletinRuleSet
    }

    /// The kind of approval; the effect is the next version, in the transaction of the agreement.
    static func kind(_ pages: Pages) -> ApprovalKind {
        ApprovalKind(
            kindName, title: LocalizedText(zh: "自动通报规则", en: "Rules of automatic bulletins"),
            proposing: .changeRules, approving: .changeRules,
            facts: { approval, context in
                let wanted = try approval.decode(Proposal.self)
                let words = BulletinRuleWords(pages, context)
                return [
                    ApprovalFact(pages.text("notification.rules.terms", context), words.terms(wanted.content.terms))
                ]
                    + wanted.content.rules.enumerated().map { index, rule in
                        ApprovalFact("\(index + 1). \(rule.name)", words.line(rule))
                    }
            },
            apply: { approval, context, transaction in
                let wanted = try approval.decode(Proposal.self)
                let current = try await BulletinRuleStore.current(transaction)
                guard current.version == wanted.baseVersion else {
                    throw Problem.conflict(
                        code: "rules_changed", zh: "规则已有新版本，请重新提出。",
                        en: "The rules have a newer version. Please propose again.")
                }
                try await BulletinRuleStore.add(
                    wanted.content, reason: approval.reason, proposedBy: approval.proposedBy,
                    decidedBy: try context.requirePrincipal().personId, at: context.now, transaction)
            })
    }

    struct Period: Sendable {
        let from: LocalDate
        /// Exclusive.
        let until: LocalDate
    }

    /// The calendar month before the given instant's.
    static func lastMonth(_ now: Instant) -> Period {
        let today = LocalDate(now)
        let first = today.adding(days: 1 - today.day)
        let lastOfBefore = first.adding(days: -1)
        return Period(from: lastOfBefore.adding(days: 1 - lastOfBefore.day), until: first)
    }

    func dryRun(_ proposed: BulletinRuleSet, _ period: Period, _ context: BrightContext) async throws -> BulletinDryRun
    {
        let principal = try context.requirePrincipal()
        let current = try await BulletinRuleStore.current(pool)
        let cases = try await BulletinCases.between(period.from.start, period.until.start, pool)
        let organs = try await RegistryStore.organs(inCityOf: principal.divisionCode ?? "", pool)
        return BulletinDryRun(cases, current: current.content, proposed: proposed, organs: organs)
    }
}
