import Calendar
import Contracts

/// Whether a camera's recordings of the last 15, 30 or more days are there (art 9: 存储时间不少于 15×24 小时).
public struct RetentionStanding: Hashable, Sendable {
    public enum State: String, Codable, Hashable, CaseIterable, Sendable {
        /// In use for fewer days than must be kept, and nothing is missing so far.
        case accumulating
        case met
        case short
        case unproven
    }

    public struct Day: Hashable, Sendable {
        public let day: LocalDate
        public let recordedMs: Int64
        public let operatingMs: Int64
        public let state: DayCoverage.State

        public init(day: LocalDate, recordedMs: Int64, operatingMs: Int64, state: DayCoverage.State) {
            self.day = day
            self.recordedMs = recordedMs
            self.operatingMs = operatingMs
            self.state = state
        }
    }

    public let state: State
    /// Why it is short, the first that applies.
    public let shortfall: RetentionShortfall?
    public let minimumDays: Int
    /// Days of the window that are computed.
    public let coveredDays: Int
    public let recordedMs: Int64
    public let operatingMs: Int64

    /// `max(15, 30 if public safety, what the school promised)`.
    public static func minimumDays(_ regime: RetentionRegime, promised: Int?) -> Int {
        max(15, regime == .publicSafety ? 30 : 15, promised ?? 0)
    }

    /// - Parameters:
    ///   - through: the last complete day.
    ///   - days: computed days, in any order; those outside the window are passed over.
    ///   - oldest: the oldest recording that the recorder says it keeps; nil where it does not say.
    public init(
        through: LocalDate, minimumDays: Int, since: Instant, days: [Day], oldest: Instant?, minimumPermille: Int
    ) {
        let first = through.adding(days: 1 - minimumDays)
        let window = days.filter { $0.day >= first && $0.day <= through }
        let counted = window.filter { $0.state == .met || $0.state == .short }
        recordedMs = counted.reduce(0) { $0 + $1.recordedMs }
        operatingMs = counted.reduce(0) { $0 + $1.operatingMs }
        self.minimumDays = minimumDays
        coveredDays = window.filter { $0.state != .unproven }.count
        let isNew = LocalDate(since) > first || (LocalDate(since) == first && since > first.start)
        let begin = max(since, first.start)
        if window.first(where: { $0.day == through })?.state == .short {
            (state, shortfall) = (.short, .day)
        } else if !DayCoverage.isMet(recordedMs, operatingMs, minimumPermille) {
            (state, shortfall) = (.short, .window)
        } else if let oldest, oldest > begin + .seconds(86_400) {
            // A day of tolerance: recorders overwrite by whole files and whole days.
            (state, shortfall) = (.short, .overwritten)
        } else if window.contains(where: { $0.state == .unproven }) || window.isEmpty {
            (state, shortfall) = (.unproven, nil)
        } else {
            (state, shortfall) = (isNew ? .accumulating : .met, nil)
        }
    }
}
