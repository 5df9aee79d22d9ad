/// Colour of a state's badge.
enum StateTone {
    static func of(_ state: ThreadState) -> String {
        switch state {
        case .found, .returned: "error"
        case .incomplete, .acknowledged, .submitted: "warn"
        case .accepted, .closed: "ok"
        }
    }

    static func of(_ state: Bulletin.State) -> String {
        switch state {
        case .unroutable: "error"
        case .draft: "info"
        case .issued, .delivered: "warn"
        case .receipted: "info"
        case .answered, .closed: "ok"
        }
    }
}
