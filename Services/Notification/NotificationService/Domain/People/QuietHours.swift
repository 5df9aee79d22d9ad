import Calendar

/// Hours of the city's day (免打扰) in which only class 1 and reminders are sent; may pass midnight.
struct QuietHours: Hashable, Sendable {
    /// Minutes after midnight; equal: no quiet hours.
    let from: Int
    let to: Int

    /// `22:00-07:00`; `none` for no quiet hours.
    init?(_ text: String) {
        if text == "none" {
            from = 0
            to = 0
            return
        }
        let parts = text.split(separator: "-").map { CivilMinute.parse(String($0)) }
        guard parts.count == 2, let from = parts[0], let to = parts[1] else { return nil }
        self.from = from
        self.to = to
    }

    /// The first moment from `instant` on that is not quiet.
    func end(from instant: Instant) -> Instant {
        let day = LocalDate(instant)
        let minute = Int((instant - day.start).microseconds / 60_000_000)
        let isQuiet = from <= to ? (from..<to).contains(minute) : minute >= from || minute < to
        guard isQuiet else { return instant }
        let endsToday = minute < to
        return (endsToday ? day : day.adding(days: 1)).start + .seconds(to * 60)
    }
}

/// `HH:MM` as minutes after midnight.
enum CivilMinute {
    static func parse(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([01][0-9]|2[0-3]):([0-5][0-9])/), let hour = Int(match.1),
            let minute = Int(match.2)
        else { return nil }
        return hour * 60 + minute
    }
}
