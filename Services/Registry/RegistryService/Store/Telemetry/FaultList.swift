import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Faults as one person may see them: of the canteens in the person's scope, and those of incidents that reach them.
struct FaultList: Sendable {
    enum Standing: String, CaseIterable, Sendable {
        /// Not recovered.
        case open
        /// Recovered, waiting to be closed.
        case recovered
        case closed
        case all
    }

    struct Filter: Sendable {
        var standing = Standing.open
        var kind: FaultKind?
        var division: String?
        var escalatedOnly = false
        /// Part of a school's, canteen's or camera's name.
        var search: String?
    }

    struct Item: Sendable {
        let fault: DeviceFault
        let school: String?
        let canteen: String?
        let camera: String?
        let organ: String?
        /// Cameras of the incident.
        let cameras: Int
    }

    let pool: PostgresPool

    private static let columns: SQL = """
        \(FaultStore.columns), y.name AS school_name, c.name AS canteen_name, x.name AS camera_name,
        (SELECT o.name FROM organ o WHERE o.department = 'market_supervision' AND o.level = 'county'
             AND o.division_code = f.division_code) AS organ_name,
        (SELECT count(*) FROM incident_camera m WHERE m.incident_id = f.incident_id) AS cameras
        """
    private static let source: SQL = """
        \(FaultStore.source) LEFT JOIN institution y ON y.id = c.institution_id LEFT JOIN camera x ON x.id = f.camera_id
        """

    private static func decode(_ row: Row) throws -> Item {
        Item(
            fault: try FaultStore.decode(row), school: try row["school_name"], canteen: try row["canteen_name"],
            camera: try row["camera_name"], organ: try row["organ_name"], cameras: try row["cameras"])
    }

    /// A condition on `f`.
    static func scope(_ principal: Principal) -> SQL {
        """
        (EXISTS (SELECT FROM canteen c JOIN institution i ON i.id = c.institution_id
                 WHERE c.id = f.canteen_id AND (\(RegisterScope.condition(principal))))
         OR f.canteen_id IS NULL AND EXISTS (
             SELECT FROM incident_camera m JOIN camera k ON k.id = m.camera_id JOIN canteen c ON c.id = k.canteen_id
             JOIN institution i ON i.id = c.institution_id
             WHERE m.incident_id = f.incident_id AND (\(RegisterScope.condition(principal)))))
        """
    }

    static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition = scope(principal)
        switch filter.standing {
        case .open: condition += " AND f.state IN ('detected', 'confirmed', 'assigned', 'repairing')"
        case .recovered: condition += " AND f.state = 'recovered'"
        case .closed: condition += " AND f.state = 'closed'"
        case .all: break
        }
        if let kind = filter.kind { condition += " AND f.kind = \(kind)" }
        if let division = filter.division { condition += " AND f.division_code = \(division)" }
        if filter.escalatedOnly { condition += " AND f.escalated_at IS NOT NULL" }
        if let search = filter.search {
            let terms = ["y.name", "c.name", "x.name"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    static let listing = RegisterListing<Item>(
        columns: columns, source: source,
        order: ListOrder(
            keys: [.init(expression: "f.detected_at", type: "timestamptz"), .init(expression: "f.id")],
            isDescending: true),
        decode: decode)

    /// Those that are late first, then the newest.
    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(filter, principal), by: "f.escalated_at IS NULL, f.detected_at DESC, f.id", request, pool)
    }

    func fault(_ id: FaultID, for principal: Principal) async throws -> Item? {
        try await pool.first(
            "SELECT \(Self.columns) \(Self.source) WHERE f.id = \(id) AND \(Self.scope(principal))", Self.decode)
    }

    /// Numbers above the board.
    func counts(for principal: Principal) async throws -> (open: Int, escalated: Int, recovered: Int) {
        try await pool.first(
            """
            SELECT count(*) FILTER (WHERE f.state NOT IN ('recovered', 'closed')) AS open,
                   count(*) FILTER (WHERE f.state NOT IN ('recovered', 'closed') AND f.escalated_at IS NOT NULL) AS late,
                   count(*) FILTER (WHERE f.state = 'recovered') AS recovered
            FROM device_fault f WHERE f.state <> 'closed' AND \(Self.scope(principal))
            """
        ) { (try $0["open"], try $0["late"], try $0["recovered"]) } ?? (0, 0, 0)
    }

    /// Persons who may be made responsible for a canteen's fault: its school's staff, and the officers of its organs.
    func candidates(
        for canteen: Canteen?, division: String, on day: LocalDate
    ) async throws -> [(id: PersonID, role: Role, login: String?)] {
        let organs = [canteen?.assignment.station, canteen?.assignment.county].compactMap { $0 }
        return try await pool.query(
            """
            SELECT a.person_id, a.role, p.login FROM appointment a LEFT JOIN person_identity p USING (person_id)
            WHERE a.valid_from <= \(day) AND (a.valid_to IS NULL OR a.valid_to >= \(day)) AND (
                a.school_id = \(canteen?.institution.id)
                OR a.organ_id = ANY(\(organs)::text[])
                OR \(canteen == nil) AND a.organ_id IN (
                    SELECT id FROM organ WHERE department = 'market_supervision' AND level = 'county'
                        AND division_code = \(division)))
            ORDER BY a.role, p.login, a.person_id LIMIT 200
            """
        ) { (try $0["person_id"], try $0["role"], try $0["login"]) }
    }

    /// Role and login of persons who were made responsible.
    func responsibles(_ persons: [PersonID]) async throws -> [PersonID: (role: Role, login: String?)] {
        let rows = try await pool.query(
            """
            SELECT DISTINCT ON (a.person_id) a.person_id, a.role, p.login
            FROM appointment a LEFT JOIN person_identity p USING (person_id)
            WHERE a.person_id = ANY(\(persons)::text[]) ORDER BY a.person_id, a.valid_from DESC
            """
        ) { row -> (PersonID, (role: Role, login: String?)) in
            (try row["person_id"], (try row["role"], try row["login"]))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// Why a fault cannot be called recovered yet, as telemetry and recordings show; nil when nothing speaks against it.
    static func stillThere(_ fault: DeviceFault, _ transaction: PostgresTransaction) async throws -> Bool {
        let count: Int? =
            switch fault.kind {
            case .signalLost, .flapping:
                try await transaction.first(
                    """
                    SELECT count(*) AS n FROM camera_signal_interval
                    WHERE camera_id = \(fault.cameraId) AND to_at IS NULL AND state IN ('lost', 'flapping')
                    """
                ) { try $0["n"] }
            case .recordingShort:
                try await transaction.first(
                    """
                    SELECT count(*) AS n FROM camera_retention WHERE camera_id = \(fault.cameraId) AND state = 'short'
                    """
                ) { try $0["n"] }
            case .massOutage:
                try await transaction.first(
                    "SELECT count(*) AS n FROM incident WHERE id = \(fault.incidentId) AND ended_at IS NULL"
                ) { try $0["n"] }
            case .clockOff: 0
            }
        return (count ?? 0) > 0
    }
}
