import Calendar
import Contracts

/// Decisions that people take.
extension AccessClock {
    /// Confirms the connection; the caller has made sure that nothing but the confirmation is missing.
    func connect(_ record: inout AccessRecord) -> [Change] {
        let before = record.state
        let today = LocalDate(now)
        record.state = .connected
        record.reason = nil
        record.connectedAt = now
        record.unmet = []
        record.nextAt = nil
        switch record.clock {
        case .running, .overdue:
            let left = (record.deadline ?? today).daysSinceEpoch - today.daysSinceEpoch
            // A provisional deadline is a guess: nobody is late by it.
            record.timeliness = left >= 0 || record.provisional ? .onTime : .late
            record.days = left >= 0 ? left : record.provisional ? 0 : -left
            record.clock = .met
        case .legacy, .cancelled:
            record.timeliness = .noDeadline
            record.days = 0
        case .none:
            // Before the licence: how early is known on the day of issue.
            record.timeliness = .early
            record.days = 0
        case .met: break
        }
        return [.connected, .state(from: before, clockCancelled: false)]
    }

    /// Moves to a state that a person decides about. Without a connection the clock ends only where none is required.
    func move(_ record: inout AccessRecord, to state: AccessState, reason: String?) -> [Change] {
        let before = record.state
        record.state = state
        record.reason = reason
        var cancels = false
        if state == .notRequired, record.clock.isOpen {
            record.clock = .cancelled
            cancels = true
        }
        // Required after all: the clock counts from the day of issue as if nothing had been said.
        if before == .notRequired, state != .notRequired { record.clock = .none }
        if state == .disconnected { record.connectedAt = nil }
        if record.clock != .running { record.nextAt = nil }
        return [.state(from: before, clockCancelled: cancels)]
    }
}
