/// What the ten-working-day clock of one canteen does.
enum AccessClockState: String, Codable, CaseIterable, Sendable {
    /// There is no licence in force that could start it.
    case none
    /// The licence is older than the rule.
    case legacy
    case running
    /// The deadline passed without a connection; stays until the canteen is connected.
    case overdue
    /// Ended by a connection (or never needed, because that came first).
    case met
    /// Ended without a connection: the licence ended, or no connection is required.
    case cancelled

    var isOpen: Bool { self == .running || self == .overdue }
}
