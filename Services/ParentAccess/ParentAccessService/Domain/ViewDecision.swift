import Calendar
import Contracts

/// Answer to "may this viewer watch this camera now?".
enum ViewDecision: Hashable, Sendable {
    /// Until then at the longest; what will end it if nothing else does.
    case allowed(until: Instant, endsBy: ViewEnd)
    case refused(ViewRefusal)
}
