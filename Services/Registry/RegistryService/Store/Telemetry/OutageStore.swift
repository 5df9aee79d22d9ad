import Calendar
import Contracts
import Journal
import Postgres

/// Planned outages (计划停机).
enum OutageStore {
    enum State: String, Codable, Hashable, CaseIterable, Sendable {
        case requested
        case approved
        case refused
        case cancelled
    }

    struct Outage: Hashable, Sendable {
        var id: String
        var canteenId: CanteenID
        /// nil: all cameras of the canteen.
        var cameraId: CameraID?
        var from: Instant
        var to: Instant
        var reason: String
        var state: State
        var enteredAt: Instant
        var decidedAt: Instant?
    }

    static let columns: SQL = """
        o.id, o.canteen_id, o.camera_id, o.from_at, o.to_at, o.reason, o.state, o.entered_at, o.decided_at
        """

    static func decode(_ row: Row) throws -> Outage {
        Outage(
            id: try row["id"], canteenId: try row["canteen_id"], cameraId: try row["camera_id"],
            from: try row["from_at"], to: try row["to_at"], reason: try row["reason"], state: try row["state"],
            enteredAt: try row["entered_at"], decidedAt: try row["decided_at"])
    }

    static func insert(
        _ outage: Outage, by person: PersonID, isDecided: Bool, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO planned_outage (id, canteen_id, camera_id, from_at, to_at, reason, state, entered_by, entered_at,
                                        decided_by, decided_at)
            VALUES (\(outage.id), \(outage.canteenId), \(outage.cameraId), \(outage.from), \(outage.to),
                    \(outage.reason), \(outage.state), \(person), \(outage.enteredAt),
                    \(isDecided ? person : nil), \(isDecided ? outage.enteredAt : nil))
            """)
        if outage.state == .approved { try await markStale(outage, transaction) }
    }

    static func lock(_ id: String, _ transaction: PostgresTransaction) async throws -> Outage? {
        try await transaction.first("SELECT \(columns) FROM planned_outage o WHERE o.id = \(id) FOR UPDATE", decode)
    }

    static func decide(
        _ outage: Outage, _ state: State, by person: PersonID, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE planned_outage SET state = \(state), decided_by = \(person), decided_at = \(now) WHERE id = \(outage.id)
            """)
        try await markStale(outage, transaction)
    }

    /// Days that were computed without it, or with it, are computed again.
    private static func markStale(_ outage: Outage, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE camera_day_coverage c SET is_stale = true FROM camera k
            WHERE k.id = c.camera_id AND k.canteen_id = \(outage.canteenId)
              AND (\(outage.cameraId)::text IS NULL OR k.id = \(outage.cameraId))
              AND c.day BETWEEN \(LocalDate(outage.from)) AND \(LocalDate(outage.to))
            """)
    }

    /// Approved ones that touch the time between.
    static func approved(
        from: Instant, to: Instant, _ executor: some PostgresExecutor
    ) async throws -> [Outage] {
        try await executor.query(
            """
            SELECT \(columns) FROM planned_outage o
            WHERE o.state = 'approved' AND o.to_at > \(from) AND o.from_at < \(to)
            """, decode)
    }
}
