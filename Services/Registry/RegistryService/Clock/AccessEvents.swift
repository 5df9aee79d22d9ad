import Calendar
import Contracts

/// Changes of the clock as events and as lines of the canteen's history.
struct AccessEvents {
    let rule: AccessRule
    let now: Instant
    let actor: PersonID?

    func events(_ changes: [AccessClock.Change], _ record: AccessRecord, _ canteen: Canteen) -> [any Event] {
        changes.compactMap { event($0, record, canteen) }
    }

    private func event(_ change: AccessClock.Change, _ record: AccessRecord, _ canteen: Canteen) -> (any Event)? {
        switch change {
        case .due: due(record, canteen)
        case .reminded(let day): reminded(day, record)
        case .overdue: overdue(record, canteen)
        case .kept: nil
        case .recomputed(let previous, let wasProvisional, let wasOverdue):
            recomputed(record, previous, wasProvisional, wasOverdue)
        case .state(let previous, let cancelled): changed(record, previous, cancelled)
        case .connected: connected(record)
        }
    }

    private func due(_ record: AccessRecord, _ canteen: Canteen) -> (any Event)? {
        guard let deadline = record.deadline, let started = record.startedOn,
            let licence = record.licenceNumber ?? canteen.licence?.number
        else { return nil }
        let facts = record.facts
        return AccessDue(
            canteenId: record.canteenId, canteenName: facts.canteenName, schoolId: facts.schoolId,
            schoolName: facts.schoolName, licenceNumber: licence, licenceIssuedOn: started,
            deadline: deadline, provisional: record.provisional,
            calendarVersion: String(record.calendarVersion ?? 0), workingDays: rule.workingDays, ruleSet: rule.id,
            stationOrganId: facts.stationOrganId, countyOrganId: facts.countyOrganId,
            supervisingOrganId: facts.supervisingOrganId)
    }

    private func reminded(_ day: Int, _ record: AccessRecord) -> (any Event)? {
        guard let deadline = record.deadline else { return nil }
        let facts = record.facts
        return AccessReminded(
            canteenId: record.canteenId, canteenName: facts.canteenName, schoolId: facts.schoolId,
            schoolName: facts.schoolName, workingDay: day, deadline: deadline, provisional: record.provisional,
            unmet: record.unmet, stationOrganId: facts.stationOrganId, countyOrganId: facts.countyOrganId,
            supervisingOrganId: facts.supervisingOrganId)
    }

    private func overdue(_ record: AccessRecord, _ canteen: Canteen) -> (any Event)? {
        guard let deadline = record.deadline, let since = record.overdueSince, let started = record.startedOn,
            let licence = record.licenceNumber ?? canteen.licence?.number
        else { return nil }
        let facts = record.facts
        let school = canteen.institution
        return AccessOverdue(
            canteenId: record.canteenId, canteenName: facts.canteenName, schoolId: facts.schoolId,
            schoolName: facts.schoolName, schoolType: school.type, isCaterer: school.isCaterer,
            divisionCode: school.divisionCode, township: school.township, cityDirect: school.cityDirect,
            licenceNumber: licence, licenceIssuedOn: started,
            deadline: deadline, overdueSince: since, workingDays: rule.workingDays,
            calendarVersion: String(record.calendarVersion ?? 0), stationOrganId: facts.stationOrganId,
            countyOrganId: facts.countyOrganId, cityOrganId: facts.cityOrganId,
            supervisingDepartment: school.department, supervisingOrganId: facts.supervisingOrganId,
            supervisingReason: school.cityDirect ? "city_direct" : "division", unmet: record.unmet,
            specialReason: record.specialReason?.rawValue, increaseInspection: true,
            registeredAfterDeadline: record.registeredOn > deadline, ruleSet: rule.id)
    }

    private func recomputed(
        _ record: AccessRecord, _ previous: LocalDate, _ wasProvisional: Bool, _ wasOverdue: Bool
    ) -> (any Event)? {
        guard let deadline = record.deadline else { return nil }
        let facts = record.facts
        return DeadlineRecomputed(
            canteenId: record.canteenId, canteenName: facts.canteenName, schoolId: facts.schoolId,
            schoolName: facts.schoolName, previousDeadline: previous, deadline: deadline,
            wasProvisional: wasProvisional, provisional: record.provisional, wasOverdue: wasOverdue,
            calendarVersion: String(record.calendarVersion ?? 0), stationOrganId: facts.stationOrganId,
            countyOrganId: facts.countyOrganId, supervisingOrganId: facts.supervisingOrganId)
    }

    private func changed(_ record: AccessRecord, _ previous: AccessState, _ cancelled: Bool) -> any Event {
        AccessChanged(
            canteenId: record.canteenId, canteenName: record.facts.canteenName, schoolId: record.facts.schoolId,
            schoolName: record.facts.schoolName, state: record.state, previous: previous, reason: record.reason,
            clockCancelled: cancelled, changedAt: now)
    }

    private func connected(_ record: AccessRecord) -> (any Event)? {
        guard let actor, let timeliness = record.timeliness else { return nil }
        let facts = record.facts
        return AccessConnected(
            canteenId: record.canteenId, canteenName: facts.canteenName, schoolId: facts.schoolId,
            schoolName: facts.schoolName, timeliness: timeliness, days: record.days ?? 0,
            deadline: record.deadline, connectedAt: now, confirmedBy: actor, stationOrganId: facts.stationOrganId,
            countyOrganId: facts.countyOrganId, supervisingOrganId: facts.supervisingOrganId)
    }

    /// Lines of the history: a code and its values, worded when shown.
    func history(_ changes: [AccessClock.Change], _ record: AccessRecord) -> [(kind: String, detail: [String: String])]
    {
        let deadline = record.deadline?.iso ?? ""
        return changes.map { change in
            switch change {
            case .due:
                (
                    "due",
                    [
                        "deadline": deadline, "issued_on": record.startedOn?.iso ?? "",
                        "provisional": "\(record.provisional)",
                    ]
                )
            case .reminded(let day): ("reminded", ["day": String(day), "deadline": deadline])
            case .overdue: ("overdue", ["deadline": deadline])
            case .kept(let earlier): ("kept", ["deadline": deadline, "earlier": earlier.iso])
            case .recomputed(let previous, _, let wasOverdue):
                (
                    "recomputed",
                    [
                        "previous": previous.iso, "deadline": deadline, "provisional": "\(record.provisional)",
                        "was_overdue": "\(wasOverdue)",
                    ]
                )
            case .state(let previous, _):
                ("state", ["from": previous.rawValue, "to": record.state.rawValue, "reason": record.reason ?? ""])
            case .connected:
                ("connected", ["timeliness": record.timeliness?.rawValue ?? "", "days": String(record.days ?? 0)])
            }
        }
    }
}
