import Calendar
import Contracts

/// What is known of one camera, moved on by reports and by time. Small and flat: there are fifty thousand of them.
public struct SignalTracker: Sendable {
    /// The state from a moment on.
    public struct Change: Hashable, Sendable {
        public let at: Int64
        public let state: SignalState
    }

    /// Time of the last report; 0 before the first.
    public private(set) var lastSeen: Int64 = 0
    public private(set) var state: SignalState = .unknown
    public private(set) var since: Int64 = 0
    /// Since when there is no picture, lost or unknown or both in turn; 0 while there is one.
    public private(set) var missingSince: Int64 = 0
    /// The camera's clock is off.
    public private(set) var isClockOff = false
    public private(set) var clockOffSince: Int64 = 0
    /// What was reported last, also while flapping.
    private var reported = ReportedSignal.ok
    private var reportedSince: Int64 = 0
    /// Times of the last changes of what is reported, newest last. No SIMD vector: its alignment is more than the task
    /// memory of asynchronous functions has (see `MerkleHash`).
    private var changes = InlineArray<8, Int64>(repeating: 0)
    private var changeCount = 0
    private var clockFaults: UInt8 = 0

    public init() {}

    /// As remembered from before a restart: the state, and up to when reports were taken in.
    public init(state: SignalState, since: Int64, seenUntil: Int64) {
        self.state = state
        self.since = since
        missingSince = state.hasPicture ? 0 : since
        guard state != .unknown else { return }
        lastSeen = max(since, seenUntil)
        reported = state == .lost ? .lost : state == .degraded ? .degraded : .ok
        reportedSince = lastSeen
    }

    /// A report. nil when it is not newer than the last one; otherwise what it changes, oldest first.
    public mutating func observe(_ sample: SignalSample, _ rules: SignalRules) -> [Change]? {
        guard sample.at > lastSeen else { return nil }
        // The common case: nothing new.
        if sample.signal == reported, state == sample.signal.state,
            sample.at - lastSeen <= rules.silence.microseconds
        {
            lastSeen = sample.at
            observeClock(sample, rules)
            return []
        }
        var found = tick(now: sample.at, rules)
        let isFirst = lastSeen == 0
        lastSeen = sample.at
        observeClock(sample, rules)
        if sample.signal != reported || isFirst {
            if !isFirst { note(sample.at) }
            reported = sample.signal
            reportedSince = sample.at
        }
        let next: SignalState
        if state == .flapping {
            let isCalm = sample.at - reportedSince >= rules.flappingCalm.microseconds
            next = isCalm ? reported.state : .flapping
            if isCalm { changeCount = 0 }
        } else if changed(since: sample.at - rules.flappingWindow.microseconds) >= rules.flappingChanges {
            next = .flapping
        } else {
            next = reported.state
        }
        if let change = move(to: next, at: sample.at) { found.append(change) }
        return found
    }

    /// Time passed without a report.
    public mutating func tick(now: Int64, _ rules: SignalRules) -> [Change] {
        guard lastSeen != 0, state != .unknown, now - lastSeen > rules.silence.microseconds else { return [] }
        // Known until it was last seen, with the time that a report may take.
        return move(to: .unknown, at: max(lastSeen + rules.silence.microseconds, since + 1)).map { [$0] } ?? []
    }

    /// What the register should say of a camera that a person has checked; nil while it is too early to say.
    public func registered(now: Int64, _ rules: SignalRules) -> CameraStatus? {
        switch state {
        case .ok: isClockOff ? .degraded : .active
        case .degraded, .flapping: .degraded
        case .lost: now - since >= rules.offlineAfter.microseconds ? .offline : nil
        // Nobody reports: not shown to parents any more, and not called offline either. Never observed: left alone.
        case .unknown: lastSeen == 0 ? nil : .degraded
        }
    }

    private mutating func move(to next: SignalState, at: Int64) -> Change? {
        guard next != state else { return nil }
        if next.hasPicture {
            missingSince = 0
        } else if missingSince == 0 {
            missingSince = at
        }
        state = next
        since = at
        return Change(at: at, state: next)
    }

    private mutating func note(_ at: Int64) {
        for index in 0..<7 { changes[index] = changes[index + 1] }
        changes[7] = at
        changeCount = min(8, changeCount + 1)
    }

    private func changed(since begin: Int64) -> Int {
        var count = 0
        for index in (8 - changeCount)..<8 where changes[index] >= begin { count += 1 }
        return count
    }

    /// Two reports in a row, so that one late packet is no fault; right again only well within the limit.
    private mutating func observeClock(_ sample: SignalSample, _ rules: SignalRules) {
        guard let offset = sample.clockOffset else { return }
        let distance = offset.magnitude
        if !isClockOff {
            guard distance > UInt64(rules.clockOff.microseconds) else {
                clockFaults = 0
                return
            }
            clockFaults = min(2, clockFaults + 1)
            if clockFaults == 2 {
                isClockOff = true
                clockOffSince = sample.at
            }
        } else if distance <= UInt64(rules.clockRight.microseconds) {
            isClockOff = false
            clockFaults = 0
        }
    }
}
