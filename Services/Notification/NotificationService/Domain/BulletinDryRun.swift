import Calendar
import Contracts

/// "Who would have received last month's events?" Pure: the events, the table in force and the one that is proposed.
struct BulletinDryRun: Sendable {
    /// Something that happened and that a rule could have answered with a bulletin.
    struct Case: Sendable {
        let eventId: String
        let occurredAt: Instant
        let canteen: Canteen
        let basis: BulletinBasis
    }

    /// What one table makes of one event.
    struct Outcome: Encodable, Hashable, Sendable {
        let rule: String?
        let urgency: BulletinUrgency?
        let receivers: [String]
        let copies: [String]
        /// Why it would wait for its receiver.
        let waitingFor: UnroutableReason?
    }

    struct Line: Encodable, Sendable {
        let eventId: String
        let occurredAt: Instant
        let trigger: BulletinTrigger
        let severity: Int?
        let schoolName: String
        let canteenName: String
        let before: Outcome
        let after: Outcome
        var isChanged: Bool { before != after }
    }

    struct RuleCount: Encodable, Sendable {
        let rule: String
        let name: String
        let isEnabled: Bool
        /// Events that this rule decided.
        let decided: Int
        /// Events that it would match if no rule stood before it.
        let matching: Int
    }

    enum Warning: String, Encodable, Sendable {
        /// No event of the period: is the condition what was meant?
        case matchesNothing = "matches_nothing"
        /// Every event of the period, so that no other rule has a say.
        case matchesEverything = "matches_everything"
        /// It matches events, but rules before it take all of them.
        case neverReached = "never_reached"
    }

    struct RuleWarning: Encodable, Sendable {
        let rule: String
        let warning: Warning
    }

    let lines: [Line]
    let counts: [RuleCount]
    let warnings: [RuleWarning]
    /// Events that no rule of the proposed table answers.
    let unanswered: Int
    let changed: Int

    init(_ cases: [Case], current: BulletinRuleSet, proposed: BulletinRuleSet, organs: [Organ]) {
        let known = Dictionary(organs.map { ($0.id, $0) }) { first, _ in first }
        func outcome(_ one: Case, _ set: BulletinRuleSet) -> Outcome {
            guard let rule = set.rule(for: one.basis.circumstances(one.canteen)), !rule.receivers.isEmpty else {
                return Outcome(rule: nil, urgency: nil, receivers: [], copies: [], waitingFor: nil)
            }
            let knowledge = BulletinRouting.Knowledge(
                canteen: one.canteen, organs: known,
                bureaus: organs.filter { $0.department == one.canteen.supervisingDepartment })
            switch BulletinRouting.route(
                findingOrganId: one.basis.findingOrganId, knowledge: knowledge, to: rule.receivers,
                copies: rule.copies)
            {
            case .issue(_, let mains, let copies):
                return Outcome(
                    rule: rule.id, urgency: rule.urgency, receivers: mains.map(\.name), copies: copies.map(\.name),
                    waitingFor: nil)
            case .wait(let reason):
                return Outcome(
                    rule: rule.id, urgency: rule.urgency, receivers: [], copies: [], waitingFor: reason)
            }
        }
        lines = cases.map { one in
            Line(
                eventId: one.eventId, occurredAt: one.occurredAt, trigger: one.basis.trigger,
                severity: one.basis.severity, schoolName: one.canteen.schoolName, canteenName: one.canteen.name,
                before: outcome(one, current), after: outcome(one, proposed))
        }
        let facts = cases.map { $0.basis.circumstances($0.canteen) }
        let decisions = facts.map { proposed.rule(for: $0)?.id }
        counts = proposed.rules.map { rule in
            RuleCount(
                rule: rule.id, name: rule.name, isEnabled: rule.isEnabled,
                decided: decisions.filter { $0 == rule.id }.count, matching: facts.filter(rule.matches).count)
        }
        warnings = counts.compactMap { count in
            guard count.isEnabled else { return nil }
            if count.matching == 0 { return RuleWarning(rule: count.rule, warning: .matchesNothing) }
            if count.matching == cases.count { return RuleWarning(rule: count.rule, warning: .matchesEverything) }
            if count.decided == 0 { return RuleWarning(rule: count.rule, warning: .neverReached) }
            return nil
        }
        unanswered = lines.filter { $0.after.rule == nil }.count
        changed = lines.filter(\.isChanged).count
    }
}
