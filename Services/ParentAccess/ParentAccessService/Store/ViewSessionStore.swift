import Calendar
import Contracts
import Postgres

/// Statements about view sessions.
enum ViewSessionStore {
    static func insert(
        _ session: ViewSession, kind: String, reference: String?, _ tx: PostgresTransaction
    ) async throws {
        let principal: SQL = session.principal.map { "\(json: $0)" } ?? "NULL"
        try await tx.execute(
            """
            INSERT INTO view_session (session_id, viewer, viewer_kind, principal, login_hash, camera_id, canteen_id,
                school_id, reason, reference, started_at, expires_at, allowed_until, ends_by, last_seen_at, recorded_from,
                recorded_to)
            VALUES (\(session.sessionId), \(session.viewer.text), \(kind), \(principal), \(session.loginHash),
                \(session.cameraId), \(session.canteenId), \(session.schoolId), \(session.reason), \(reference),
                \(session.startedAt), \(session.expiresAt), \(session.allowedUntil), \(session.endsBy),
                \(session.lastSegmentAt), \(session.recorded?.from), \(session.recorded?.to))
            """)
    }

    /// Until the transaction ends.
    static func lock(viewer: String, school: SchoolID?, _ tx: PostgresTransaction) async throws {
        // Always in this order, so that no two transactions wait for each other.
        for name in [school.map { "school:\($0)" }, "viewer:\(viewer)"].compactMap({ $0 }) {
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 7013))")
        }
    }

    /// Running views by representatives and guests of a school's cameras.
    static func countRunning(school: SchoolID, _ tx: PostgresTransaction) async throws -> Int {
        try await tx.first(
            """
            SELECT count(*) AS n FROM view_session
            WHERE school_id = \(school) AND ended_at IS NULL AND principal IS NULL
            """
        ) { row -> Int in try row["n"] } ?? 0
    }

    static func countRunning(viewer: ViewerIdentity, _ tx: PostgresTransaction) async throws -> Int {
        try await tx.first(
            "SELECT count(*) AS n FROM view_session WHERE viewer = \(viewer.text) AND ended_at IS NULL"
        ) { row -> Int in try row["n"] } ?? 0
    }

    /// Ends all running sessions of a viewer; answers them.
    static func endAll(
        of viewer: ViewerIdentity, by cause: ViewEnd, now: Instant, _ tx: PostgresTransaction
    ) async throws -> [ViewSession] {
        try await tx.query(
            """
            UPDATE view_session SET ended_at = \(now), ended_by = \(cause)
            WHERE viewer = \(viewer.text) AND ended_at IS NULL RETURNING *
            """, ViewSession.init(row:))
    }

    /// Ends one session. False when it had ended, or, for `idle`, when another replica has seen it alive.
    static func end(
        _ id: ViewSessionID, by cause: ViewEnd, now: Instant, _ tx: PostgresTransaction
    ) async throws -> Bool {
        let alive: SQL =
            cause == .idle
            ? """
             AND last_seen_at <= CASE WHEN recorded_from IS NULL THEN \(now - ViewSession.idleLimit)
                 ELSE \(now - ViewSession.recordedIdleLimit) END
            """ : .empty
        return try await tx.execute(
            """
            UPDATE view_session SET ended_at = \(now), ended_by = \(cause)
            WHERE session_id = \(id) AND ended_at IS NULL
            """ + alive) == 1
    }

    /// Writes down when sessions were last seen alive, and until when they were renewed.
    static func touch(_ sessions: [ViewSession], _ database: some PostgresExecutor) async throws {
        guard !sessions.isEmpty else { return }
        try await database.execute(
            """
            UPDATE view_session v SET last_seen_at = greatest(v.last_seen_at, s.seen)
            FROM (SELECT unnest(\(sessions.map(\.sessionId))::text[]) AS id,
                         unnest(\(sessions.map(\.lastSegmentAt))::timestamptz[]) AS seen) s
            WHERE v.session_id = s.id AND v.ended_at IS NULL
            """)
    }

    static func setExpiry(_ id: ViewSessionID, _ expiresAt: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            UPDATE view_session SET expires_at = greatest(expires_at, \(expiresAt))
            WHERE session_id = \(id) AND ended_at IS NULL
            """)
    }
}
