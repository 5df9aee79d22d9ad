/// A deadline in working days that can say how it came about.
public struct WorkingDayDeadline: Codable, Hashable, Sendable {
    public struct SkippedDay: Codable, Hashable, Sendable {
        public let date: LocalDate
        /// Name of the holiday; nil for an ordinary weekend.
        public let reason: String?
    }

    /// The day of the event; not counted.
    public let start: LocalDate
    /// The counted days; the last one is the deadline.
    public let workingDays: [LocalDate]
    public let skipped: [SkippedDay]
    public let calendarVersion: String
    /// Years the count reached into without a published notice. Not empty = provisional: never treat as overdue on it.
    public let unpublishedYears: [Int]

    public var isProvisional: Bool { !unpublishedYears.isEmpty }

    /// The last day on which one is still on time.
    public var date: LocalDate { workingDays.last ?? start }

    /// 24:00 of the deadline day in the city: the first instant that is too late.
    public var end: Instant { date.adding(days: 1).start }
}
