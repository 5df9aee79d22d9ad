import Calendar
import Foundation

/// The `Retry-After` header (RFC 9110 §10.2.3): seconds, or an HTTP date.
enum RetryAfter {
    /// nil when absent or malformed; never negative.
    static func parse(_ value: String?, now: Instant) -> Duration? {
        guard let value = value?.trimmingCharacters(in: .whitespaces), !value.isEmpty else { return nil }
        if value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return value.utf8.count <= 9 ? Int(value).map { .seconds($0) } : nil
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = formatter.date(from: value) else { return nil }
        // A date of the year 999999 is well formed, and beyond what an `Instant` can hold.
        let seconds = date.timeIntervalSince(now.date)
        return seconds < 1_000_000_000 ? .seconds(Int(max(0, seconds))) : nil
    }
}
