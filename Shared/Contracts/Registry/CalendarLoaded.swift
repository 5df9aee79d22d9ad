import Calendar

/// A yearly holiday notice was loaded: the working-day calendar has a new version.
public struct CalendarLoaded: Event {
    public static let type = "brightkitchen.registry.calendar.loaded.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { calendar }
    public var subject: String { calendar }

    /// Always working-days; partition key.
    public var calendar: String
    /// The new version.
    public var calendarVersion: String
    /// All years that have a notice now.
    public var publishedYears: [Int]
    /// Years whose notice is new or changed.
    public var loadedYears: [Int]
    /// Days off named by the notices of the loaded years.
    public var daysOff: [LocalDate]
    /// Days that are working days by these notices, whatever the weekday.
    public var workingDays: [LocalDate]
    /// Addresses of the official papers.
    public var papers: [String]
    /// Time.
    public var loadedAt: Instant

    public init(
        calendar: String,
        calendarVersion: String,
        publishedYears: [Int],
        loadedYears: [Int],
        daysOff: [LocalDate],
        workingDays: [LocalDate],
        papers: [String],
        loadedAt: Instant
    ) {
        self.calendar = calendar
        self.calendarVersion = calendarVersion
        self.publishedYears = publishedYears
        self.loadedYears = loadedYears
        self.daysOff = daysOff
        self.workingDays = workingDays
        self.papers = papers
        self.loadedAt = loadedAt
    }
}
