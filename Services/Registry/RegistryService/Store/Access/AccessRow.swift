import Calendar
import Contracts

/// A row of `canteen_access` as JSON: the names are those of the columns, in snake_case.
struct AccessRow: Encodable {
    let canteenId: CanteenID
    let state: AccessState
    let reason: String?
    let clock: AccessClockState
    let licenceNumber: String?
    let startedOn: LocalDate?
    let deadline: LocalDate?
    let provisional: Bool
    let calendarVersion: Int?
    let remindedDay: Int
    let registeredOn: LocalDate
    let overdueAt: Instant?
    let connectedAt: Instant?
    let timeliness: AccessTimeliness?
    let days: Int?
    let specialReason: SpecialReason?
    let specialNote: String?
    let nextAt: Instant?
    let unmet: [String]
    let isReady: Bool
    let canteenName: String
    let schoolId: SchoolID
    let schoolName: String
    let divisionCode: String
    let stationOrganId: OrganID?
    let countyOrganId: OrganID?
    let cityOrganId: OrganID?
    let supervisingOrganId: OrganID?
    let supervisingDepartment: Department
    let operating: Bool
    let isCaterer: Bool
    let cameras: Int
    let camerasActive: Int
    let camerasDegraded: Int
    let camerasOffline: Int
    let camerasPending: Int
    let disclosed: Int?
    let retained: Int
    let retentionKnown: Int

    init(_ record: AccessRecord) {
        canteenId = record.canteenId
        state = record.state
        reason = record.reason
        clock = record.clock
        licenceNumber = record.licenceNumber
        startedOn = record.startedOn
        deadline = record.deadline
        provisional = record.provisional
        calendarVersion = record.calendarVersion
        remindedDay = record.remindedDay
        registeredOn = record.registeredOn
        overdueAt = record.overdueAt
        connectedAt = record.connectedAt
        timeliness = record.timeliness
        days = record.days
        specialReason = record.specialReason
        specialNote = record.specialNote
        nextAt = record.nextAt
        unmet = record.unmet
        isReady = record.isReady
        canteenName = record.facts.canteenName
        schoolId = record.facts.schoolId
        schoolName = record.facts.schoolName
        divisionCode = record.facts.divisionCode
        stationOrganId = record.facts.stationOrganId
        countyOrganId = record.facts.countyOrganId
        cityOrganId = record.facts.cityOrganId
        supervisingOrganId = record.facts.supervisingOrganId
        supervisingDepartment = record.facts.supervisingDepartment
        operating = record.facts.operating
        isCaterer = record.facts.isCaterer
        cameras = record.tally.total
        camerasActive = record.tally.active
        camerasDegraded = record.tally.degraded
        camerasOffline = record.tally.offline
        camerasPending = record.tally.pending
        disclosed = record.tally.disclosed
        retained = record.tally.retained
        retentionKnown = record.tally.retentionKnown
    }
}
