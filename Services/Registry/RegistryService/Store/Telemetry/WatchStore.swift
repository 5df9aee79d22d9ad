import Calendar
import Contracts
import Postgres

/// Since when cameras are in use, and the oldest recording that is kept.
enum WatchStore {
    /// Cameras that a person has confirmed since the last look begin now, or when the confirmation was given; those
    /// that went back to pending begin anew.
    static func refresh(now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM camera_watch w USING camera k WHERE k.id = w.camera_id AND k.status = 'pending'
            """)
        try await transaction.execute(
            """
            INSERT INTO camera_watch (camera_id, since)
            SELECT k.id, coalesce((SELECT max(f.decided_at) FROM first_frame f
                                   WHERE f.camera_id = k.id AND f.decision = 'confirm'), \(now))
            FROM camera k
            WHERE k.status <> 'pending' AND NOT EXISTS (SELECT FROM camera_watch w WHERE w.camera_id = k.id)
            ON CONFLICT DO NOTHING
            """)
    }

    static func setOldest(_ oldest: [(CameraID, Instant)], _ transaction: PostgresTransaction) async throws {
        guard !oldest.isEmpty else { return }
        try await transaction.execute(
            """
            UPDATE camera_watch w SET oldest_recording = k.at
            FROM unnest(\(oldest.map(\.0))::text[], \(oldest.map(\.1))::timestamptz[]) AS k (camera_id, at)
            WHERE w.camera_id = k.camera_id
            """)
    }
}
