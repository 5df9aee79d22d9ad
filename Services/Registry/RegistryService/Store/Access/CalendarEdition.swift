import Calendar

/// The working-day calendar as one version of the database knows it.
struct CalendarEdition: Sendable {
    /// 0 = no notice was ever loaded: then every deadline is provisional.
    let number: Int
    let calendar: WorkingCalendar
    let notices: [HolidayNotice]

    init(number: Int, notices: [HolidayNotice]) throws {
        self.number = number
        self.notices = notices.sorted { $0.year < $1.year }
        calendar = try WorkingCalendar(notices: notices)
    }

    var label: String { String(number) }
    var years: [Int] { notices.map(\.year) }
}
