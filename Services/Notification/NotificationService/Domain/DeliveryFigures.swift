import Calendar

/// Figures of the delivery ledger over a span of days: by channel, by day.
struct DeliveryFigures: Encodable, Sendable {
    struct Channel: Encodable, Sendable {
        let channel: LedgerChannel
        let total: Int
        /// Every state, also those with no message.
        let states: [String: Int]
        /// Share of what arrived (delivered, read or acknowledged, or taken over by a server) in what is decided,
        /// 0…1; absent while nothing is.
        let arrivedShare: Double?
        /// Medians in seconds; absent where nothing was read or acknowledged.
        let medianSecondsToRead: Double?
        let medianSecondsToAcknowledge: Double?
    }

    struct Day: Encodable, Sendable {
        let day: LocalDate
        let arrived: Int
        let waiting: Int
        let failed: Int

        var total: Int { arrived + waiting + failed }
    }

    let from: LocalDate
    let to: LocalDate
    let total: Int
    let channels: [Channel]
    /// Every day of the span, also those without a message.
    let days: [Day]

    init(_ cells: [LedgerStore.Cell], _ speeds: [LedgerStore.Speed], from: LocalDate, to: LocalDate) {
        self.from = from
        self.to = to
        total = cells.reduce(0) { $0 + $1.messages }
        channels = LedgerChannel.allCases.compactMap { channel in
            let own = cells.filter { $0.channel == channel }
            guard !own.isEmpty else { return nil }
            return Self.figures(of: channel, own, speeds.first { $0.channel == channel })
        }
        let byDay = Dictionary(grouping: cells, by: \.day)
        var days: [Day] = []
        var day = from
        while day <= to {
            let own = byDay[day] ?? []
            func sum(_ states: Set<LedgerState>) -> Int {
                own.filter { states.contains($0.state) }.reduce(0) { $0 + $1.messages }
            }
            days.append(
                Day(day: day, arrived: sum(Self.arrived), waiting: sum([.queued]), failed: sum([.failed, .expired])))
            day = day.adding(days: 1)
        }
        self.days = days
    }

    static let arrived: Set<LedgerState> = [.sent, .delivered, .read, .acknowledged]

    private static func figures(
        of channel: LedgerChannel, _ cells: [LedgerStore.Cell], _ speed: LedgerStore.Speed?
    ) -> Channel {
        var states = Dictionary(uniqueKeysWithValues: LedgerState.allCases.map { ($0.rawValue, 0) })
        for cell in cells { states[cell.state.rawValue, default: 0] += cell.messages }
        let arrived = Self.arrived.reduce(0) { $0 + (states[$1.rawValue] ?? 0) }
        let decided = arrived + (states[LedgerState.failed.rawValue] ?? 0) + (states[LedgerState.expired.rawValue] ?? 0)
        return Channel(
            channel: channel, total: cells.reduce(0) { $0 + $1.messages }, states: states,
            arrivedShare: decided == 0 ? nil : Double(arrived) / Double(decided),
            medianSecondsToRead: speed?.toRead, medianSecondsToAcknowledge: speed?.toAcknowledge)
    }
}
