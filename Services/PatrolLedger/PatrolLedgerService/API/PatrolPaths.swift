import Contracts

/// Addresses of this service, in one place.
enum PatrolPaths {
    static let home = "/patrol/"
    static let problems = "/patrol/problems"
    static let newProblem = "/patrol/problems/new"
    static let warnings = "/patrol/warnings"
    static let alerts = "/patrol/alerts"
    static func alert(_ id: AlertID) -> String { "/patrol/alerts/\(id)" }
    static let draws = "/patrol/draws"
    static func draw(_ id: DrawID) -> String { "/patrol/draws/\(id)" }
    static let school = "/patrol/school"
    static let selfChecks = "/patrol/self-checks"
    static func selfCheck(_ canteen: CanteenID, _ span: SelfCheckSpan) -> String {
        "/patrol/self-checks/\(canteen)/\(span.period.rawValue)/\(span.firstDay.iso)"
    }
    static let ledger = "/patrol/ledger"
    static let new = "/patrol/patrols/new"

    static func patrol(_ id: PatrolID) -> String { "/patrol/patrols/\(id)" }

    static func zone(_ id: PatrolID, _ canteen: CanteenID, _ zone: ZoneCode) -> String {
        "/patrol/patrols/\(id)/canteens/\(canteen)/zones/\(zone.rawValue)"
    }

    static func problem(_ id: ProblemID) -> String { "/patrol/problems/\(id)" }
    static func ledgerEntry(_ number: String) -> String { "/patrol/ledger/\(number)" }
    static func evidence(_ id: EvidenceID) -> String { "/patrol/evidence/\(id)" }
    static func evidenceRecord(_ id: EvidenceID) -> String { "/patrol/evidence/\(id)/record" }
    static func thumbnail(_ id: EvidenceID) -> String { "/patrol/evidence/\(id)/thumbnail" }

    /// The live stream, opened for this patrol (parent access decides and records the view with its reason).
    static func video(_ camera: CameraID, patrol: PatrolID) -> String {
        "/video/open/\(camera)?reason=patrol&ref=\(patrol)"
    }
}
