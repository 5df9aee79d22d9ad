import Contracts
import Journal
import Postgres

extension Subscription {
    /// Views by regulators, as parent access records them: the ticket behind every picture of a patrol.
    static let viewsStarted = Subscription.on(ViewStarted.self) { received, transaction in
        let view = received.event
        guard view.viewerKind == "regulator" else { return }
        try await transaction.execute(
            """
            INSERT INTO staff_view (session_id, canteen_id, camera_id, person_id, started_at)
            VALUES (\(view.sessionId), \(view.canteenId), \(view.cameraId), \(viewer(view.viewer)), \(view.startedAt))
            ON CONFLICT (session_id) DO NOTHING
            """)
    }

    /// An ended view also counts for the patrol in which the officer was at that moment.
    static let viewsEnded = Subscription.on(ViewEnded.self) { received, transaction in
        let view = received.event
        let ended = try await transaction.execute(
            """
            UPDATE staff_view SET ended_at = \(view.endedAt)
            WHERE session_id = \(view.sessionId) AND ended_at IS NULL AND started_at <= \(view.endedAt)
            """)
        guard ended > 0 else { return }
        try await transaction.execute(
            """
            INSERT INTO view_log (view_id, patrol_id, canteen_id, camera_id, zone, person_id, mode, source, started_at,
                last_seen_at, ended)
            SELECT s.session_id, p.patrol_id, s.canteen_id, s.camera_id, c.zone, s.person_id, 'live', 'ticket',
                greatest(s.started_at, p.started_at), s.ended_at, true
            FROM staff_view s
            JOIN camera c ON c.camera_id = s.camera_id
            JOIN visit v ON v.canteen_id = s.canteen_id
            JOIN patrol p ON p.patrol_id = v.patrol_id AND p.state = 'in_progress'
            JOIN appointment a ON a.person_id = s.person_id AND a.organ_id = p.organ_id
            WHERE s.session_id = \(view.sessionId) AND s.ended_at > greatest(s.started_at, p.started_at)
            ORDER BY p.started_at DESC LIMIT 1
            ON CONFLICT (view_id) DO NOTHING
            """)
    }

    /// Parent access names viewers as `person:<id>` or by the bare id.
    private static func viewer(_ text: String) -> String {
        text.hasPrefix("person:") ? String(text.dropFirst("person:".count)) : text
    }
}
