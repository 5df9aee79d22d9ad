import Access
import Contracts
import Postgres

extension ViewSession {
    init(row: Row) throws {
        let viewer: String = try row["viewer"]
        let principal: Principal? = try row.isNull("principal") ? nil : try row.json("principal")
        guard let identity = ViewerIdentity(text: viewer) else {
            throw PostgresError(
                code: PostgresError.decoding, message: "view_session.viewer is no viewer", column: "viewer")
        }
        self.init(
            sessionId: try row["session_id"], viewer: identity, principal: principal, reason: try row["reason"],
            cameraId: try row["camera_id"], canteenId: try row["canteen_id"], schoolId: try row["school_id"],
            loginHash: try row["login_hash"], startedAt: try row["started_at"], expiresAt: try row["expires_at"],
            allowedUntil: try row["allowed_until"], endsBy: try row["ends_by"], lastSegmentAt: try row["last_seen_at"],
            ended: try row["ended_by"], recorded: try Self.span(row))
    }

    private static func span(_ row: Row) throws -> RecordedSpan? {
        guard try !row.isNull("recorded_from") else { return nil }
        return RecordedSpan(from: try row["recorded_from"], to: try row["recorded_to"])
    }
}
