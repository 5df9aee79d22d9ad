import Calendar

/// Deadlines of feedback in working days.
struct FeedbackDays: Hashable, Sendable {
    /// Decision whether it is taken up: 7 (市场监督管理投诉举报处理暂行办法 art 14).
    let decision: Int
    /// The school's answer: 10 [PROPOSED].
    let answer: Int

    /// The last day, or nil while the count reaches into a year whose holidays are not published: unknown is not late.
    func deadline(from now: Instant, workingDays: Int, _ calendar: WorkingCalendar) throws -> LocalDate? {
        let deadline = try calendar.deadline(from: LocalDate(now), workingDays: workingDays)
        return deadline.isProvisional ? nil : deadline.date
    }
}
