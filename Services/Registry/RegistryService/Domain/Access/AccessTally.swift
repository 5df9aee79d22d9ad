import Contracts

/// Counts of one area; what one canteen adds to them, and the difference that a change makes.
struct AccessTally: Hashable, Sendable, Codable {
    /// Canteens with the same organs, so that every scope is a sum of whole tallies. "" = none.
    struct Key: Hashable, Sendable {
        let divisionCode: String
        let cityOrganId: String
        let countyOrganId: String
        let stationOrganId: String
        let supervisingOrganId: String
        let supervisingDepartment: String

        init(_ facts: AccessRecord.Facts) {
            divisionCode = facts.divisionCode
            cityOrganId = facts.cityOrganId?.rawValue ?? ""
            countyOrganId = facts.countyOrganId?.rawValue ?? ""
            stationOrganId = facts.stationOrganId?.rawValue ?? ""
            supervisingOrganId = facts.supervisingOrganId?.rawValue ?? ""
            supervisingDepartment = facts.supervisingDepartment.rawValue
        }

        var parts: [String] {
            [divisionCode, cityOrganId, countyOrganId, stationOrganId, supervisingOrganId, supervisingDepartment]
        }
    }

    var canteens = 0
    var operating = 0
    /// Operating canteens that have to be connected: the denominator of the connection rate.
    var required = 0
    /// Of those, the connected ones.
    var connected = 0
    var running = 0
    var overdue = 0
    var early = 0
    var onTime = 0
    var late = 0
    /// Operating canteens with all nine categories disclosed.
    var disclosed = 0
    var cameras = 0
    var camerasActive = 0
    var camerasDegraded = 0
    var camerasOffline = 0
    var camerasPending = 0
    /// Cameras whose required days of recording are proven.
    var retained = 0
    /// Cameras for which that is known at all: the denominator of the retention rate.
    var retentionKnown = 0

    init() {}

    init(_ record: AccessRecord) {
        canteens = 1
        let isOperating = record.facts.operating
        operating = isOperating ? 1 : 0
        let isRequired = isOperating && record.state != .notRequired
        required = isRequired ? 1 : 0
        connected = isRequired && record.state == .connected ? 1 : 0
        running = record.clock == .running ? 1 : 0
        overdue = record.clock == .overdue ? 1 : 0
        early = record.timeliness == .early ? 1 : 0
        onTime = record.timeliness == .onTime ? 1 : 0
        late = record.timeliness == .late ? 1 : 0
        disclosed = isOperating && record.tally.disclosed == DisclosureCategory.allCases.count ? 1 : 0
        guard isOperating else { return }
        cameras = record.tally.total
        camerasActive = record.tally.active
        camerasDegraded = record.tally.degraded
        camerasOffline = record.tally.offline
        camerasPending = record.tally.pending
        retained = record.tally.retained
        retentionKnown = record.tally.retentionKnown
    }

    static let fields: [any WritableKeyPath<AccessTally, Int> & Sendable] = [
        \.canteens, \.operating, \.required, \.connected, \.running, \.overdue, \.early, \.onTime, \.late, \.disclosed,
        \.cameras, \.camerasActive, \.camerasDegraded, \.camerasOffline, \.camerasPending, \.retained,
        \.retentionKnown,
    ]

    static func += (left: inout AccessTally, right: AccessTally) {
        for field in fields { left[keyPath: field] += right[keyPath: field] }
    }

    static func -= (left: inout AccessTally, right: AccessTally) {
        for field in fields { left[keyPath: field] -= right[keyPath: field] }
    }

    var isZero: Bool { Self.fields.allSatisfy { self[keyPath: $0] == 0 } }

    /// Cameras that have been checked: those that can be online at all.
    var camerasInUse: Int { camerasActive + camerasDegraded + camerasOffline }
    var camerasOnline: Int { camerasActive + camerasDegraded }
}
