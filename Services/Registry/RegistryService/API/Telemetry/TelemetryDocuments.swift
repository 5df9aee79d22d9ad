import Calendar
import Contracts

/// A device fault in the JSON interface.
struct FaultDocument: Encodable, Sendable {
    struct Step: Encodable, Sendable {
        let state: DeviceFaultState
        let actor: String
        let at: Instant
        let note: String?
        let responsible: PersonID?
    }

    let faultId: FaultID
    let kind: FaultKind
    let state: DeviceFaultState
    let cameraId: CameraID?
    let cameraName: String?
    let canteenId: CanteenID?
    let canteenName: String?
    let schoolName: String?
    let divisionCode: String
    let incidentId: IncidentID?
    let detectedAt: Instant
    let changedAt: Instant
    let responsible: PersonID?
    let recoveredAt: Instant?
    let closedAt: Instant?
    let escalatedAt: Instant?
    let version: Int
    let allowedSteps: [FaultStep]
    let history: [Step]?

    init(_ item: FaultList.Item, steps: [FaultStore.Step]? = nil) {
        let fault = item.fault
        faultId = fault.id
        kind = fault.kind
        state = fault.state
        cameraId = fault.cameraId
        cameraName = item.camera
        canteenId = fault.canteenId
        canteenName = item.canteen
        schoolName = item.school
        divisionCode = fault.divisionCode
        incidentId = fault.incidentId
        detectedAt = fault.detectedAt
        changedAt = fault.changedAt
        responsible = fault.responsible
        recoveredAt = fault.recoveredAt
        closedAt = fault.closedAt
        escalatedAt = fault.escalatedAt
        version = fault.version
        allowedSteps = FaultStep.allowed(from: fault.state)
        history = steps?.map {
            Step(state: $0.state, actor: $0.actor, at: $0.at, note: $0.note, responsible: $0.responsible)
        }
    }
}

/// An incident in the JSON interface.
struct IncidentDocument: Encodable, Sendable {
    let incidentId: IncidentID
    let scope: IncidentScope
    let canteenId: CanteenID?
    let divisionCode: String
    let startedAt: Instant
    let detectedAt: Instant
    let endedAt: Instant?
    let cameras: Int
    let canteens: Int
    let missingCameras: Int
    let faultId: FaultID?

    init(_ item: IncidentList.Item) {
        incidentId = item.incident.id
        scope = item.incident.scope
        canteenId = item.incident.canteenId
        divisionCode = item.incident.divisionCode
        startedAt = item.incident.startedAt
        detectedAt = item.incident.detectedAt
        endedAt = item.incident.endedAt
        cameras = item.incident.cameras
        canteens = item.incident.canteens
        missingCameras = item.incident.missing
        faultId = item.faultId
    }
}

/// A planned outage in the JSON interface.
struct OutageDocument: Encodable, Sendable {
    let outageId: String
    let canteenId: CanteenID
    let cameraId: CameraID?
    let fromAt: Instant
    let toAt: Instant
    let reason: String
    let state: OutageStore.State
    let enteredAt: Instant
    let decidedAt: Instant?

    init(_ outage: OutageStore.Outage) {
        outageId = outage.id
        canteenId = outage.canteenId
        cameraId = outage.cameraId
        fromAt = outage.from
        toAt = outage.to
        reason = outage.reason
        state = outage.state
        enteredAt = outage.enteredAt
        decidedAt = outage.decidedAt
    }
}

/// Signal and recordings of a camera in the JSON interface. Durations in milliseconds; nothing is rounded.
struct CameraHistoryDocument: Encodable, Sendable {
    struct Interval: Encodable, Sendable {
        let from: Instant
        let to: Instant?
        let state: SignalState
    }

    struct Gap: Encodable, Sendable {
        let from: Instant
        let to: Instant
    }

    struct Day: Encodable, Sendable {
        let day: LocalDate
        let recordedMs: Int64
        let operatingMs: Int64
        let state: DayCoverage.State
        let gaps: [Gap]
    }

    struct Retention: Encodable, Sendable {
        let state: RetentionStanding.State
        let minimumDays: Int
        let coveredDays: Int
        let recordedMs: Int64
        let operatingMs: Int64
        let throughDay: LocalDate

        init(_ standing: CoverageStore.Standing) {
            state = standing.state
            minimumDays = standing.minimumDays
            coveredDays = standing.coveredDays
            recordedMs = standing.recordedMs
            operatingMs = standing.operatingMs
            throughDay = standing.throughDay
        }
    }

    let cameraId: CameraID
    let status: CameraStatus
    /// Share of the last 24 hours with pictures; absent = unknown.
    let signalShare: Double?
    let signal: [Interval]
    let days: [Day]
    let retention: Retention?

    init(_ history: CameraHistory) {
        cameraId = history.camera.id
        status = history.camera.status
        signalShare = history.signalShare
        signal = history.intervals.map { Interval(from: $0.from, to: $0.to, state: $0.state) }
        days = history.days.map { day in
            Day(
                day: day.day, recordedMs: day.recordedMs, operatingMs: day.operatingMs, state: day.state,
                gaps: day.gaps.spans.map {
                    Gap(from: Instant(microseconds: $0.from * 1000), to: Instant(microseconds: $0.to * 1000))
                })
        }
        retention = history.standing.map { Retention($0) }
    }
}
