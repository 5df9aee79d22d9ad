import Calendar

/// The times after which something is believed. No source fixes them but the ten minutes: they are the city's to change,
/// by the settings of the service (docs/operations/README.md).
public struct SignalRules: Hashable, Sendable {
    /// A camera that nobody reported for so long is unknown.
    public var silence: Duration = .seconds(300)
    /// Lost for so long → the register says offline.
    public var offlineAfter: Duration = .seconds(60)
    /// Lost for so long → a fault (domain art 9: more than ten minutes in operating time).
    public var faultAfter: Duration = .seconds(600)
    /// So many changes …
    public var flappingChanges = 4
    /// … within this time are flapping …
    public var flappingWindow: Duration = .seconds(600)
    /// … until it stays the same for this long.
    public var flappingCalm: Duration = .seconds(900)
    /// A camera's clock is off by more than this (domain art 9) …
    public var clockOff: Duration = .seconds(60)
    /// … and right again within this.
    public var clockRight: Duration = .seconds(30)
    /// A fault that nobody closed goes to the regulator after this.
    public var escalateAfter: Duration = .seconds(86_400)
    /// Cameras lost within this time of each other belong together.
    public var together: Duration = .seconds(300)
    /// So many cameras of a canteen lost together are one incident.
    public var canteenIncident = 3
    /// So many canteens of a division with cameras lost together are one incident.
    public var divisionIncident = 3

    public init() {}

    /// Pairs that cannot hold together, by the setting to change.
    public var contradictions: [(setting: String, allowed: String)] {
        var found: [(setting: String, allowed: String)] = []
        if faultAfter < offlineAfter { found.append(("SIGNAL_FAULT_SECONDS", "≥ SIGNAL_OFFLINE_SECONDS")) }
        if clockRight > clockOff { found.append(("CLOCK_RIGHT_SECONDS", "≤ CLOCK_OFF_SECONDS")) }
        if escalateAfter < faultAfter { found.append(("FAULT_ESCALATION_HOURS", "≥ SIGNAL_FAULT_SECONDS")) }
        return found
    }
}
