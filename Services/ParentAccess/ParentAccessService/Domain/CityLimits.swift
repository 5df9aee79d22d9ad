/// The outer limits that the city sets for every school (art 12: accounts are the school's, limits the city's).
struct CityLimits: Hashable, Sendable {
    /// No representative watches before this time …
    let opens: TimeOfDay
    /// … or from this time on.
    let closes: TimeOfDay

    /// 06:00–20:00: preparation of breakfast to the evening meal of boarders (design card §5.5).
    static let standard = CityLimits(opensMinute: 360, closesMinute: 1200)

    /// nil unless opens < closes.
    init?(opens: TimeOfDay, closes: TimeOfDay) {
        guard opens < closes else { return nil }
        self.opens = opens
        self.closes = closes
    }

    private init(opensMinute: Int, closesMinute: Int) {
        opens = TimeOfDay(clamping: opensMinute)
        closes = TimeOfDay(clamping: closesMinute)
    }

    var text: String { "\(opens.text)–\(closes.text)" }

    /// A school may open at most this many windows on one day (breakfast, lunch, supper and a spare one).
    static let windowsPerDay = 4

    /// Accepts a week grid or says what is wrong with which window.
    func check(_ windows: [WeeklyWindow]) -> (fault: WindowFault, window: WeeklyWindow?)? {
        guard !windows.isEmpty else { return (.empty, nil) }
        for window in windows {
            guard (1...7).contains(window.weekday) else { return (.weekday, window) }
            guard window.from >= opens, window.from < closes, window.to <= closes, window.to > opens else {
                return (.outsideCityLimit, window)
            }
            guard window.from < window.to else { return (.order, window) }
        }
        for weekday in 1...7 {
            let day = windows.filter { $0.weekday == weekday }
            if day.count > Self.windowsPerDay { return (.tooMany, day.last) }
        }
        return nil
    }
}

extension TimeOfDay {
    init(clamping value: Int) {
        minutes = max(0, min(1440, value))
    }
}
