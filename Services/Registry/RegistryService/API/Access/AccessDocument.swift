import Calendar
import Contracts

/// Where a canteen stands with its connection, in the JSON interface.
struct AccessDocument: Encodable, Sendable {
    struct Part: Encodable, Sendable {
        /// E.g. `zone:Z3`, `first_frame`, `signal:Z3`, `disclosure:D5`, `confirmation`.
        let code: String
        /// What to do, in the language of the request.
        let toDo: String
        let byWhen: LocalDate?
    }

    struct SkippedDay: Encodable, Sendable {
        let date: LocalDate
        /// Name of the holiday; absent for an ordinary weekend.
        let reason: String?
    }

    let canteenId: CanteenID
    let canteenName: String
    let schoolId: SchoolID
    let schoolName: String
    let state: AccessState
    let reason: String?
    let clock: AccessClockState
    let licenceIssuedOn: LocalDate?
    let deadline: LocalDate?
    let provisional: Bool
    let calendarVersion: String?
    /// Counted days of the period, the last one being the deadline as the calendar gives it.
    let workingDays: [LocalDate]
    let skippedDays: [SkippedDay]
    let increaseInspection: Bool
    let connectedAt: Instant?
    let timeliness: AccessTimeliness?
    let days: Int?
    let specialReason: SpecialReason?
    let specialNote: String?
    let unmet: [Part]

    init(_ record: AccessRecord, explanation: WorkingDayDeadline?, toDo: (UnmetPart) -> String) {
        canteenId = record.canteenId
        canteenName = record.facts.canteenName
        schoolId = record.facts.schoolId
        schoolName = record.facts.schoolName
        state = record.state
        reason = record.reason
        clock = record.clock
        licenceIssuedOn = record.startedOn
        deadline = record.deadline
        provisional = record.provisional
        calendarVersion = record.calendarVersion.map(String.init)
        workingDays = explanation?.workingDays ?? []
        skippedDays = explanation?.skipped.map { SkippedDay(date: $0.date, reason: $0.reason) } ?? []
        increaseInspection = record.increaseInspection
        connectedAt = record.connectedAt
        timeliness = record.timeliness
        days = record.days
        specialReason = record.specialReason
        specialNote = record.specialNote
        let byWhen = record.clock == .running ? record.deadline : nil
        unmet = record.unmetParts.map { Part(code: $0.code, toDo: toDo($0), byWhen: byWhen) }
    }
}
