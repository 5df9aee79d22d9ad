import Access
import Calendar
import Concurrency
import Contracts
import Postgres

/// Reads what the live state is made of, all of it or what changed.
struct LiveReader: Sendable {
    let pool: PostgresPool
    let clock: any WallClock

    struct Change: Sendable {
        let position: Int64
        let entity: String
        let id: String
        /// Older than any transaction can still be running (statements end after 10 s): a gap before it will not be
        /// filled any more.
        let isSettled: Bool
    }

    /// Positions up to here are certainly in what `camera()`, `canteens()` … read afterwards.
    func settledPosition() async throws -> Int64 {
        try await pool.first(
            """
            SELECT coalesce(max(position), 0) AS position FROM live_change
            WHERE changed_at < clock_timestamp() - interval '2 minutes'
            """
        ) { try $0["position"] } ?? 0
    }

    func changes(after floor: Int64) async throws -> [Change] {
        try await pool.query(
            """
            SELECT position, entity, id, changed_at < clock_timestamp() - interval '2 minutes' AS settled
            FROM live_change WHERE position > \(floor) ORDER BY position
            """
        ) { row in
            Change(
                position: try row["position"], entity: try row["entity"], id: try row["id"],
                isSettled: try row["settled"])
        }
    }

    func canteens(_ ids: [String]? = nil) async throws -> [CanteenFacts] {
        try await pool.query("SELECT * FROM canteen" + Self.only("canteen_id", ids)) { row in
            CanteenFacts(
                canteenId: try row["canteen_id"], schoolId: try row["school_id"], name: try row["name"],
                schoolName: try row["school_name"], isCaterer: try row["is_caterer"],
                divisionCode: try row["division_code"], stationOrganId: try row["station_organ_id"],
                countyOrganId: try row["county_organ_id"], cityOrganId: try row["city_organ_id"],
                supervisingOrganId: try row["supervising_organ_id"],
                supervisingDepartment: try row["supervising_department"], operating: try row["operating"],
                licenceRevoked: try row["licence_revoked"])
        }
    }

    func cameras(_ ids: [String]? = nil) async throws -> [CameraFacts] {
        try await pool.query("SELECT * FROM camera" + Self.only("camera_id", ids)) { row in
            CameraFacts(
                cameraId: try row["camera_id"], canteenId: try row["canteen_id"], schoolId: try row["school_id"],
                gbId: try row["gb_id"], name: try row["name"], zone: try row["zone"],
                isAnteroom: try row["is_anteroom"], status: try row["status"])
        }
    }

    func representatives(_ ids: [String]? = nil) async throws -> [RepresentativeAccount] {
        try await pool.query(
            "SELECT * FROM representative" + Self.only("representative_id", ids), RepresentativeAccount.init(row:))
    }

    func grants(_ representatives: [String]? = nil) async throws -> [ViewGrant] {
        try await pool.query(
            "SELECT * FROM view_grant" + Self.only("representative_id", representatives), ViewGrant.init(row:))
    }

    /// Logins that may still be valid.
    func logins(_ representatives: [String]? = nil) async throws -> [ParentLogin] {
        try await pool.query(
            """
            SELECT * FROM login
            WHERE ended_at IS NULL AND created_at > \(clock.now() - ParentLogin.absoluteLimit)
            """ + Self.also("representative_id", representatives)
        ) { row in
            ParentLogin(
                hash: try row["login_hash"], representativeId: try row["representative_id"],
                createdAt: try row["created_at"], lastSeenAt: try row["last_seen_at"])
        }
    }

    func sessions(_ ids: [String]) async throws -> [ViewSession] {
        try await pool.query("SELECT * FROM view_session" + Self.only("session_id", ids), ViewSession.init(row:))
    }

    func runningSessions() async throws -> [ViewSession] {
        try await pool.query("SELECT * FROM view_session WHERE ended_at IS NULL", ViewSession.init(row:))
    }

    func dismissals(_ persons: [String]? = nil) async throws -> [(appointment: Appointment, lastDay: LocalDate)] {
        try await pool.query("SELECT * FROM dismissal" + Self.only("person_id", persons)) { row in
            (Appointment(personId: try row["person_id"], role: try row["role"]), try row["ended_on"])
        }
    }

    private static func only(_ column: String, _ ids: [String]?) -> SQL {
        guard let ids else { return .empty }
        return " WHERE \(identifier: column) = ANY(\(ids))"
    }

    private static func also(_ column: String, _ ids: [String]?) -> SQL {
        guard let ids else { return .empty }
        return " AND \(identifier: column) = ANY(\(ids))"
    }
}
