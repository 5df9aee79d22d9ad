import Calendar
import ServiceKit

/// A deadline as shown: city time, and how urgent it is.
struct DueText: Sendable {
    /// Less than this left: "soon".
    static let soon = Duration.seconds(24 * 3600)
    let text: String
    /// Class of the badge.
    let tone: String
    let note: String?

    init(_ due: Instant, isOpen: Bool, _ pages: Pages, _ context: BrightContext) {
        text = CivilText.short(due)
        if !isOpen {
            (tone, note) = ("neutral", nil)
        } else if due < context.now {
            (tone, note) = ("error", pages.text("notification.due.overdue", context))
        } else if due - context.now <= Self.soon {
            (tone, note) = ("warn", pages.text("notification.due.soon", context))
        } else {
            (tone, note) = ("neutral", nil)
        }
    }
}
