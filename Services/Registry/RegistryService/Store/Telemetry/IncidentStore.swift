import Calendar
import Contracts
import Journal
import Postgres

/// Incidents: cameras that were lost together.
enum IncidentStore {
    struct Incident: Hashable, Sendable {
        let id: IncidentID
        let scope: IncidentScope
        let canteenId: CanteenID?
        let divisionCode: String
        let startedAt: Instant
        let detectedAt: Instant
        let endedAt: Instant?
        let cameras: Int
        let canteens: Int
        let missing: Int

        var scopeKey: String { canteenId?.rawValue ?? divisionCode }
    }

    static let columns: SQL = """
        n.id, n.scope, n.canteen_id, n.division_code, n.started_at, n.detected_at, n.ended_at,
        (SELECT count(*) FROM incident_camera m WHERE m.incident_id = n.id) AS cameras,
        (SELECT count(DISTINCT k.canteen_id) FROM incident_camera m JOIN camera k ON k.id = m.camera_id
         WHERE m.incident_id = n.id) AS canteens,
        (SELECT count(*) FROM incident_camera m WHERE m.incident_id = n.id AND m.recovered_at IS NULL) AS missing
        """

    static func decode(_ row: Row) throws -> Incident {
        Incident(
            id: try row["id"], scope: try row["scope"], canteenId: try row["canteen_id"],
            divisionCode: try row["division_code"], startedAt: try row["started_at"],
            detectedAt: try row["detected_at"], endedAt: try row["ended_at"], cameras: try row["cameras"],
            canteens: try row["canteens"], missing: try row["missing"])
    }

    /// Begins an incident with its one fault, or adds to the one that is open for the same canteen or division.
    static func begin(
        scope: IncidentScope, _ members: [OutageGrouping.Lost], _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> IncidentID? {
        guard let first = members.min(by: { $0.since < $1.since }) else { return nil }
        let canteen = scope == .canteen ? first.canteen : nil
        let started = Instant(microseconds: first.since)
        let new = try await transaction.first(
            """
            INSERT INTO incident (id, scope, canteen_id, division_code, started_at, detected_at)
            VALUES (\(IncidentID.new()), \(scope), \(canteen), \(first.division), \(started), \(now))
            ON CONFLICT (scope, coalesce(canteen_id, division_code)) WHERE ended_at IS NULL DO NOTHING RETURNING id
            """
        ) { row -> IncidentID in try row["id"] }
        let key = canteen?.rawValue ?? first.division
        let existing = try await transaction.first(
            """
            SELECT id FROM incident
            WHERE ended_at IS NULL AND scope = \(scope) AND coalesce(canteen_id, division_code) = \(key) FOR UPDATE
            """
        ) { row -> IncidentID in try row["id"] }
        guard let id = new ?? existing else { return nil }
        try await transaction.execute(
            """
            INSERT INTO incident_camera (incident_id, camera_id, lost_at)
            SELECT \(id)::text, camera_id, lost_at
            FROM unnest(\(members.map(\.camera))::text[],
                        \(members.map { Instant(microseconds: $0.since) })::timestamptz[]) AS m (camera_id, lost_at)
            ON CONFLICT (incident_id, camera_id) DO UPDATE SET lost_at = excluded.lost_at, recovered_at = NULL
            """)
        guard new != nil, let incident = try await find(id, transaction) else { return id }
        try await transaction.publish(
            IncidentStarted(
                incidentId: id, scopeKey: incident.scopeKey, scope: scope, canteenId: canteen,
                divisionCode: first.division, cameras: incident.cameras, canteens: incident.canteens,
                startedAt: started, detectedAt: now), context, occurredAt: now)
        try await FaultStore.open(
            [.init(kind: .massOutage, camera: nil, canteen: canteen, division: first.division, incident: id)],
            context, now: now, transaction)
        return id
    }

    static func recovered(
        _ cameras: [CameraID], now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard !cameras.isEmpty else { return }
        try await transaction.execute(
            """
            UPDATE incident_camera SET recovered_at = \(now)
            WHERE camera_id = ANY(\(cameras)::text[]) AND recovered_at IS NULL
            """)
    }

    /// Ends incidents of which nothing is left: no camera, or of a division cameras of one canteen only. Those go on as
    /// faults of their own. Gives the ended ones.
    static func endFinished(
        _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [IncidentID] {
        let finished = try await transaction.query(
            """
            SELECT \(columns) FROM incident n WHERE n.ended_at IS NULL AND (
                SELECT count(DISTINCT k.canteen_id) FROM incident_camera m JOIN camera k ON k.id = m.camera_id
                WHERE m.incident_id = n.id AND m.recovered_at IS NULL
            ) < CASE WHEN n.scope = 'division' THEN 2 ELSE 1 END
            ORDER BY n.id FOR UPDATE OF n
            """, decode)
        for incident in finished {
            try await transaction.execute("UPDATE incident SET ended_at = \(now) WHERE id = \(incident.id)")
            try await transaction.execute(
                """
                UPDATE incident_camera SET recovered_at = \(now)
                WHERE incident_id = \(incident.id) AND recovered_at IS NULL
                """)
            try await transaction.publish(
                IncidentEnded(
                    incidentId: incident.id, scopeKey: incident.scopeKey, scope: incident.scope,
                    canteenId: incident.canteenId, divisionCode: incident.divisionCode, cameras: incident.cameras,
                    canteens: incident.canteens, startedAt: incident.startedAt, endedAt: now),
                context, occurredAt: now)
            try await FaultStore.recover(incident: incident.id, context, now: now, transaction)
        }
        return finished.map(\.id)
    }

    static func find(_ id: IncidentID, _ executor: some PostgresExecutor) async throws -> Incident? {
        try await executor.first("SELECT \(columns) FROM incident n WHERE n.id = \(id)", decode)
    }

    /// Cameras that an open incident accounts for.
    static func openMembers(_ executor: some PostgresExecutor) async throws -> [(CameraID, IncidentID)] {
        try await executor.query(
            """
            SELECT m.camera_id, m.incident_id FROM incident_camera m JOIN incident n ON n.id = m.incident_id
            WHERE n.ended_at IS NULL AND m.recovered_at IS NULL
            """
        ) { (try $0["camera_id"], try $0["incident_id"]) }
    }
}
