import Calendar
import Contracts

/// The line drawn over every picture: account suffix, school, local time (design card §5.5).
struct Watermark: Hashable, Sendable {
    /// Last four characters of the account number, or of the pseudonymous person id for staff.
    let viewer: String
    let place: String

    func text(at now: Instant) -> String {
        // 2026-11-23T11:05:09.000000+08:00 → 2026-11-23 11:05
        let stamp = now.rfc3339
        let minute = stamp.prefix(16).replacing("T", with: " ")
        return "\(viewer) · \(place) · \(minute)"
    }
}
