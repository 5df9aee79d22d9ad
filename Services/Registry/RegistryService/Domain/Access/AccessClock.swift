import Calendar
import Contracts

/// The ten working days of art 5 as pure decisions: what is known comes in, the new record and what happened come out.
struct AccessClock: Sendable {
    let rule: AccessRule
    let calendar: WorkingCalendar
    /// Number of the calendar's version in the database; 0 = no notice was ever loaded.
    let calendarVersion: Int
    let now: Instant

    private var today: LocalDate { LocalDate(now) }

    /// Something that happened to the clock. The store turns it into events.
    enum Change: Hashable, Sendable {
        case due
        case reminded(workingDay: Int)
        case overdue
        /// A new calendar would give an earlier day; the promised one stays.
        case kept(earlier: LocalDate)
        case recomputed(from: LocalDate, wasProvisional: Bool, wasOverdue: Bool)
        case state(from: AccessState, clockCancelled: Bool)
        case connected
    }

    /// Brings the record up to date with the licence, the cameras and the time. Doing it again changes nothing.
    func evaluate(_ record: inout AccessRecord, _ canteen: Canteen, _ facts: ConnectionFacts) -> [Change] {
        var changes: [Change] = []
        changes += followLicence(&record, canteen.licence)
        changes += start(&record, canteen.licence)
        changes += recompute(&record)
        changes += follow(&record, facts)
        changes += advance(&record)
        record.nextAt = next(record)
        return changes
    }

    // MARK: the licence

    private static let endedPrefix = "licence_"

    /// A licence that ended suspends the canteen and cancels its clock; one that is in force again ends that suspension.
    private func followLicence(_ record: inout AccessRecord, _ licence: Licence?) -> [Change] {
        guard let licence else { return [] }
        let before = record.state
        if licence.isInForce(on: today) {
            guard record.state == .suspended, record.reason?.hasPrefix(Self.endedPrefix) == true else { return [] }
            record.state = record.connectedAt != nil ? .connected : .building
            record.reason = nil
            return [.state(from: before, clockCancelled: false)]
        }
        // A licence whose first day lies ahead has not ended.
        guard licence.issuedOn <= today, before != .disconnected, before != .notRequired else { return [] }
        let cancels = record.clock.isOpen
        if cancels { record.clock = .cancelled }
        guard before != .suspended else {
            return cancels ? [.state(from: before, clockCancelled: true)] : []
        }
        record.state = .suspended
        record.reason = Self.endedPrefix + (licence.state == .valid ? "expired" : licence.state.rawValue)
        return [.state(from: before, clockCancelled: cancels)]
    }

    /// Starts the clock once. A renewal at the same site starts none; a corrected day of issue starts it anew; a new
    /// licence after an ended one does, if the canteen was never connected.
    private func start(_ record: inout AccessRecord, _ licence: Licence?) -> [Change] {
        guard let licence, licence.isInForce(on: today), record.state != .notRequired else { return [] }
        let isSameLicence = licence.number == record.licenceNumber
        switch record.clock {
        case .none: break
        case .cancelled where !isSameLicence && record.connectedAt == nil: break
        case .legacy where isSameLicence && licence.issuedOn != record.startedOn: break
        case .running where isSameLicence && licence.issuedOn != record.startedOn: break
        case .overdue where isSameLicence && licence.issuedOn != record.startedOn: break
        default: return []
        }
        record.licenceNumber = licence.number
        record.startedOn = licence.issuedOn
        record.deadline = nil
        record.provisional = false
        record.remindedDay = 0
        record.overdueAt = nil
        if let connectedAt = record.connectedAt {
            // 提前: connected before there was a licence, so there is no clock.
            record.clock = .met
            let days = licence.issuedOn.daysSinceEpoch - LocalDate(connectedAt).daysSinceEpoch
            record.timeliness = days > 0 ? .early : .onTime
            record.days = max(0, days)
            return []
        }
        guard licence.issuedOn >= rule.effectiveFrom else {
            record.clock = .legacy
            return []
        }
        guard let computed = deadline(from: licence.issuedOn) else { return [] }
        record.clock = .running
        record.deadline = computed.date
        record.provisional = computed.isProvisional
        record.calendarVersion = calendarVersion
        return [.due]
    }

    // MARK: the calendar

    /// A new version of the calendar moves open deadlines, but only to later days: a day that was promised stays.
    private func recompute(_ record: inout AccessRecord) -> [Change] {
        guard record.clock.isOpen, record.calendarVersion != calendarVersion, let started = record.startedOn,
            let old = record.deadline, let computed = deadline(from: started)
        else { return [] }
        let wasProvisional = record.provisional
        record.calendarVersion = calendarVersion
        record.deadline = max(old, computed.date)
        record.provisional = computed.isProvisional
        let kept: [Change] = computed.date < old ? [.kept(earlier: computed.date)] : []
        guard record.deadline != old || record.provisional != wasProvisional else { return kept }
        let wasOverdue = record.clock == .overdue
        let isStillOpen = record.provisional || (record.overdueSince.map { now < $0 } ?? false)
        if wasOverdue, isStillOpen {
            record.clock = .running
            record.overdueAt = nil
        }
        return kept + [.recomputed(from: old, wasProvisional: wasProvisional, wasOverdue: wasOverdue && isStillOpen)]
    }

    func deadline(from start: LocalDate) -> WorkingDayDeadline? {
        do {
            return try calendar.deadline(from: start, workingDays: rule.workingDays)
        } catch {
            return nil
        }
    }

    // MARK: the cameras

    /// What the facts alone decide about the state. `connected` is never among it: that takes a person.
    private func follow(_ record: inout AccessRecord, _ facts: ConnectionFacts) -> [Change] {
        let unmet = ConnectionRule(rule: rule).unmet(facts)
        record.unmet = unmet.filter { record.state != .connected || $0 != .confirmation }.map(\.code)
        record.tally.total = facts.cameras.count
        record.tally.active = facts.count(.active)
        record.tally.degraded = facts.count(.degraded)
        record.tally.offline = facts.count(.offline)
        record.tally.pending = facts.count(.pending)
        record.tally.disclosed = facts.disclosed?.count
        record.tally.retained = facts.retained
        record.tally.retentionKnown = facts.retentionKnown
        let before = record.state
        let hasZones = !facts.zones.isEmpty && facts.zones.allSatisfy { !facts.usable(in: $0).isEmpty }
        switch before {
        case .planned where !facts.cameras.isEmpty: record.state = .building
        case .applied where hasZones: record.state = .testing
        default: return []
        }
        return [.state(from: before, clockCancelled: false)]
    }

    // MARK: the time

    private func isWaiting(_ record: AccessRecord) -> Bool {
        record.clock == .running && record.connectedAt == nil
    }

    /// Days at whose beginning reminders are due, as far as they are certain.
    private func reminderDays(_ record: AccessRecord) -> [(number: Int, day: LocalDate)] {
        guard let started = record.startedOn, let computed = deadline(from: started) else { return [] }
        return rule.reminders.sorted().compactMap { number in
            guard number >= 1, number <= computed.workingDays.count else { return nil }
            // The last one keeps to the deadline that was promised.
            let isLast = number == rule.workingDays
            let day = isLast ? record.deadline ?? computed.date : computed.workingDays[number - 1]
            if isLast, record.provisional { return nil }
            return calendar.publishedYears.contains(day.year) ? (number, day) : nil
        }
    }

    private func advance(_ record: inout AccessRecord) -> [Change] {
        guard isWaiting(record) else { return [] }
        var changes: [Change] = []
        let isLate = !record.provisional && record.overdueSince.map { now >= $0 } ?? false
        for (number, day) in reminderDays(record) where number > record.remindedDay && now >= day.start {
            record.remindedDay = number
            // What lay before the register knew of the canteen is not reminded of afterwards.
            if day >= record.registeredOn { changes.append(.reminded(workingDay: number)) }
        }
        if isLate {
            record.clock = .overdue
            record.overdueAt = now
            changes.append(.overdue)
        }
        return changes
    }

    /// The next moment at which time alone changes something.
    private func next(_ record: AccessRecord) -> Instant? {
        guard isWaiting(record) else { return nil }
        var moments = reminderDays(record).filter { $0.number > record.remindedDay }.map(\.day.start)
        if !record.provisional, let since = record.overdueSince { moments.append(since) }
        return moments.min()
    }
}
