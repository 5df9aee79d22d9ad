import Calendar

/// Until when a receiver of a bulletin is to give its receipt and its answer, counted in working days (art 10 has no
/// figures: these are configuration with defaults).
struct BulletinDeadlines: Hashable, Sendable {
    let receiptBy: Instant
    let answerBy: Instant
    /// When the organs above are told that there is no answer.
    let escalateAt: Instant
    /// Reaches into a year whose holiday notice is not published: nobody is overdue on a guess.
    let isProvisional: Bool

    init(
        from now: Instant, receiptDays: Int, answerDays: Int, escalationDays: Int, calendar: WorkingCalendar
    ) throws {
        let today = LocalDate(now)
        let receipt = try calendar.deadline(from: today, workingDays: receiptDays)
        let answer = try calendar.deadline(from: today, workingDays: answerDays)
        let escalation = try calendar.deadline(from: answer.date, workingDays: escalationDays)
        receiptBy = Self.lastMoment(of: receipt)
        answerBy = Self.lastMoment(of: answer)
        escalateAt = escalation.end
        isProvisional = receipt.isProvisional || answer.isProvisional || escalation.isProvisional
    }

    /// The deadline day is inclusive: its last second.
    private static func lastMoment(of deadline: WorkingDayDeadline) -> Instant { deadline.end - .seconds(1) }
}
