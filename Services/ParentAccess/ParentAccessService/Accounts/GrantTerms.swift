import Calendar
import Contracts

/// What a school allows a representative: which cameras, when in the week, from which day to which.
struct GrantTerms: Sendable {
    let cameraIds: [CameraID]
    /// Zone groups of the school itself, opened as a whole.
    var zones: [ZoneCode] = []
    let windows: [WeeklyWindow]
    let validFrom: LocalDate
    /// Last day, inclusive.
    let validTo: LocalDate

    /// Longest grant: one school year.
    static let longestDays = 366

    var starts: Instant { validFrom.start }
    var ends: Instant { validTo.adding(days: 1).start }
}
