import Calendar
import Contracts

/// By when a problem must be acknowledged and rectified, counted from its notice (the notice of 2020 fixes none;
/// the classes are configuration).
struct ProblemDeadlines: Hashable, Sendable {
    let acknowledgeBy: Instant
    let rectifyBy: Instant
    /// A year without a published holiday notice was reached: never treat as overdue on it.
    let isProvisional: Bool

    init(severity: Int, notifiedAt: Instant, rules: RuleSet, calendar: WorkingCalendar) throws {
        guard let rule = rules.problemClass(severity) else {
            throw Refusal.input("unknown_class", field: "severity", zh: "问题等级不存在", en: "There is no such class")
        }
        let day = LocalDate(notifiedAt)
        // The last microsecond of a day: deadlines are inclusive.
        let inclusive = Duration.microseconds(1)
        var provisional = false
        if let count = rule.rectify.workingDays {
            let deadline = try calendar.deadline(from: day, workingDays: count)
            provisional = deadline.isProvisional
            rectifyBy = deadline.end - inclusive
        } else {
            rectifyBy = day.adding(days: 1).start - inclusive
        }
        if let minutes = rule.acknowledgeMinutes {
            acknowledgeBy = notifiedAt + .seconds(minutes * 60)
        } else if let count = rule.acknowledgeWorkingDays {
            let deadline = try calendar.deadline(from: day, workingDays: count)
            provisional = provisional || deadline.isProvisional
            acknowledgeBy = deadline.end - inclusive
        } else {
            // Class 3 has no deadline of its own for the acknowledgement.
            acknowledgeBy = rectifyBy
        }
        isProvisional = provisional
    }
}
