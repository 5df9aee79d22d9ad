import Calendar
import Contracts
import Postgres

/// One look at one camera.
struct ViewRecord: Hashable, Sendable {
    var viewId: String
    var canteenId: CanteenID
    var cameraId: CameraID
    var zone: ZoneCode
    var personId: PersonID
    /// live or playback.
    var mode: String
    var source: String
    var startedAt: Instant
    var lastSeenAt: Instant
    /// Playback only: why, and which stretch of the recording.
    var reason: String?
    var recordedFrom: Instant?
    var recordedTo: Instant?

    static let columns: SQL = """
        view_id, canteen_id, camera_id, zone, person_id, mode, source, started_at, last_seen_at, reason, recorded_from,
        recorded_to
        """

    @Sendable init(_ row: Row) throws {
        viewId = try row["view_id"]
        canteenId = try row["canteen_id"]
        cameraId = try row["camera_id"]
        zone = try row["zone"]
        personId = try row["person_id"]
        mode = try row["mode"]
        source = try row["source"]
        startedAt = try row["started_at"]
        lastSeenAt = try row["last_seen_at"]
        reason = try row["reason"]
        recordedFrom = try row["recorded_from"]
        recordedTo = try row["recorded_to"]
    }
}

extension [ViewRecord] {
    /// Seconds for which at least one camera of the zone was watched live: a recording is no proof of a visit.
    func seconds(canteen: CanteenID, zone: ZoneCode) -> Int {
        ViewIntervals.coveredSeconds(
            filter { $0.mode == "live" && $0.canteenId == canteen && $0.zone == zone }.map {
                (from: $0.startedAt, to: $0.lastSeenAt)
            })
    }
}

extension PostgresExecutor {
    func views(of patrol: PatrolID) async throws -> [ViewRecord] {
        try await query(
            """
            SELECT \(ViewRecord.columns) FROM view_log WHERE patrol_id = \(patrol) ORDER BY started_at, view_id
            """, ViewRecord.init)
    }
}

extension PostgresTransaction {
    /// A sign of life of a running picture. A gap longer than `longestGap` starts a new look, whose first sign is worth 0 s.
    func recordHeartbeat(
        patrol: PatrolID, camera: CameraRecord, person: PersonID, at now: Instant, longestGap: Duration
    ) async throws {
        let extended = try await execute(
            """
            UPDATE view_log SET last_seen_at = \(now)
            WHERE view_id = (SELECT view_id FROM view_log
                WHERE patrol_id = \(patrol) AND camera_id = \(camera.cameraId) AND person_id = \(person)
                    AND source = 'heartbeat' AND NOT ended AND last_seen_at BETWEEN \(now - longestGap) AND \(now)
                ORDER BY last_seen_at DESC LIMIT 1)
            """)
        guard extended == 0 else { return }
        try await execute(
            """
            INSERT INTO view_log (view_id, patrol_id, canteen_id, camera_id, zone, person_id, mode, source, started_at, last_seen_at)
            VALUES (\(UUIDv7.string()), \(patrol), \(camera.canteenId), \(camera.cameraId), \(camera.zone), \(person), 'live',
                'heartbeat', \(now), \(now))
            """)
    }

    /// What an officer says to have watched, cut to what parent access recorded of that officer and the zone's cameras.
    /// Returns the number of looks that were recorded; 0 = there is no record to stand on.
    func recordStatedView(
        patrol: PatrolID, canteen: CanteenID, zone: ZoneCode, person: PersonID, from: Instant, to: Instant, now: Instant
    ) async throws -> Int {
        try await execute(
            """
            INSERT INTO view_log (view_id, patrol_id, canteen_id, camera_id, zone, person_id, mode, source, started_at,
                last_seen_at, ended)
            SELECT s.session_id || ':' || \(UUIDv7.string()), \(patrol), s.canteen_id, s.camera_id, c.zone, s.person_id, 'live',
                'stated', greatest(s.started_at, \(from)), least(coalesce(s.ended_at, \(now)), \(to)), true
            FROM staff_view s JOIN camera c ON c.camera_id = s.camera_id
            WHERE s.person_id = \(person) AND s.canteen_id = \(canteen) AND c.zone = \(zone)
                AND greatest(s.started_at, \(from)) < least(coalesce(s.ended_at, \(now)), \(to))
            """)
    }
}
