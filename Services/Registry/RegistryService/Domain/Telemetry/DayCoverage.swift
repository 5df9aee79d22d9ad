import Calendar

/// How much of a day a camera recorded of what it should have (art 9). Exact: milliseconds, no rounding.
public struct DayCoverage: Hashable, Sendable {
    public enum State: String, Codable, Hashable, CaseIterable, Sendable {
        case met
        case short
        /// Nobody ever told what was recorded on this day: not proven, which is not the same as nothing recorded.
        case unproven
        /// The camera had nothing to record.
        case exempt
    }

    public let recordedMs: Int64
    public let operatingMs: Int64
    /// Longer than `reportedGap`, within operating time.
    public let gaps: [RecordedSpans.Span]
    public let state: State

    /// Gaps up to this long are not listed one by one; they count all the same.
    public static let reportedGap: Int64 = 60_000

    /// - Parameters:
    ///   - recorded: nil where nobody reported recordings of the day at all.
    ///   - since: when the camera came into use.
    ///   - outages: approved planned outages.
    ///   - minimumPermille: recorded ÷ operating below this is short.
    public init(
        day: LocalDate, recorded: RecordedSpans?, since: Instant, outages: RecordedSpans, minimumPermille: Int
    ) {
        let start = day.start.microseconds / 1000
        let end = day.adding(days: 1).start.microseconds / 1000
        let whole = RecordedSpans([.init(from: max(start, since.microseconds / 1000), to: end)])
        let operating = whole.subtracting(outages)
        operatingMs = operating.total
        guard let recorded else {
            recordedMs = 0
            gaps = []
            state = operatingMs == 0 ? .exempt : .unproven
            return
        }
        let within = recorded.intersection(operating)
        recordedMs = within.total
        gaps = operating.subtracting(within).spans.filter { $0.length > Self.reportedGap }
        if operatingMs == 0 {
            state = .exempt
        } else {
            state = Self.isMet(recordedMs, operatingMs, minimumPermille) ? .met : .short
        }
    }

    static func isMet(_ recorded: Int64, _ operating: Int64, _ permille: Int) -> Bool {
        recorded * 1000 >= operating * Int64(permille)
    }
}
