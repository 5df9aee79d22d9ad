import Calendar

/// One version of the outer limits that the city sets (art 12), with the moment from which it counts.
struct CityRules: Hashable, Sendable {
    /// `standard` for the values of the configuration, else the running number of the version.
    let version: String
    let effectiveFrom: Instant
    let limits: CityLimits
    let streams: StreamLimits
    /// Representatives per school.
    let quota: Int
    /// Longest time that a guest may be invited for, in days.
    let guestDays: Int
}

extension [CityRules] {
    /// The version in force: the latest that has begun.
    func inForce(at now: Instant) -> CityRules? {
        self.filter { $0.effectiveFrom <= now }.max {
            ($0.effectiveFrom, $0.version) < ($1.effectiveFrom, $1.version)
        }
    }
}
