import Calendar
import ServiceKit

/// Reads `as_of`: a day (its end in the city) or an instant.
enum AsOfReader {
    static func time(_ text: String?, now: Instant) throws -> Instant? {
        guard let text else { return nil }
        // In a query a `+` is a space; what was meant is clear.
        let written = text.replacing(" ", with: "+")
        let time = LocalDate(iso: text).map { $0.adding(days: 1).start - .microseconds(1) } ?? Instant(rfc3339: written)
        guard let time else {
            throw Problem.invalid(
                "as_of", code: "not_a_time", zh: "请填写日期或时间。", en: "Please give a day or a time.",
                allowed: "YYYY-MM-DD or RFC 3339")
        }
        let isToday = LocalDate(iso: text) == LocalDate(now)
        guard time <= now || isToday else {
            throw Problem.invalid(
                "as_of", code: "in_future", zh: "不能晚于现在。", en: "The future is not known.", allowed: "≤ \(now.rfc3339)")
        }
        return time
    }
}
