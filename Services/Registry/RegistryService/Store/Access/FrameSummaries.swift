import Calendar
import Contracts
import Postgres

/// The newest first picture of cameras, and what was said about the last one that was decided.
enum FrameSummaries {
    struct Summary: Sendable {
        let frame: String
        /// Why the last decided picture was sent back; nil when it was confirmed or none was decided.
        let rejection: String?
    }

    static func latest(
        of cameras: [CameraID], _ executor: some PostgresExecutor
    ) async throws -> [CameraID: Summary] {
        let rows = try await executor.query(
            """
            SELECT DISTINCT ON (f.camera_id) f.camera_id, f.id,
                   (SELECT CASE WHEN d.decision = 'reject' THEN d.reason END FROM first_frame d
                    WHERE d.camera_id = f.camera_id AND d.decision IS NOT NULL
                    ORDER BY d.decided_at DESC LIMIT 1) AS rejection
            FROM first_frame f WHERE f.camera_id = ANY(\(cameras)::text[])
            ORDER BY f.camera_id, f.captured_at DESC
            """
        ) { row -> (CameraID, Summary) in
            (try row["camera_id"], Summary(frame: try row["id"], rejection: try row["rejection"]))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}
