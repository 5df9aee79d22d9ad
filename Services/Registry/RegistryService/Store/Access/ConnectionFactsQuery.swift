import Calendar
import Contracts
import Postgres

/// Reads what the connection rule needs for many canteens with three statements.
struct ConnectionFactsQuery: Sendable {
    let rule: AccessRule

    /// `tested`: canteens for which the share of signal matters now; of the others it is left unknown.
    func facts(
        of canteens: [Canteen], tested: Set<CanteenID>, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> [CanteenID: ConnectionFacts] {
        let ids = canteens.map(\.id)
        let cameras = try await executor.query(
            """
            SELECT k.canteen_id, k.id, k.zone, k.status,
                   EXISTS (SELECT FROM first_frame f WHERE f.camera_id = k.id AND f.decision = 'confirm') AS is_checked,
                   (SELECT r.state FROM camera_retention r WHERE r.camera_id = k.id) AS retention
            FROM camera k WHERE k.canteen_id = ANY(\(ids)::text[])
            """
        ) { row -> (CanteenID, ConnectionFacts.Camera) in
            (
                try row["canteen_id"],
                ConnectionFacts.Camera(
                    id: try row["id"], zone: try row["zone"], status: try row["status"],
                    isChecked: try row["is_checked"], retention: try row["retention"])
            )
        }
        let disclosed = Dictionary(
            try await executor.query(
                "SELECT canteen_id, present FROM canteen_disclosure WHERE canteen_id = ANY(\(ids)::text[])"
            ) { row -> (CanteenID, [DisclosureCategory]) in (try row["canteen_id"], try row["present"]) },
            uniquingKeysWith: { $1 })
        let asked = cameras.filter { tested.contains($0.0) && $0.1.status == .active }.map(\.1.id)
        let shares =
            asked.isEmpty
            ? [:]
            : try await SignalShareStore.shares(asked, window: .seconds(rule.signalHours * 3_600), now: now, executor)
        var grouped: [CanteenID: [ConnectionFacts.Camera]] = [:]
        for (canteen, camera) in cameras {
            var camera = camera
            camera.signalShare = shares[camera.id]
            grouped[canteen, default: []].append(camera)
        }
        return Dictionary(
            canteens.map {
                (
                    $0.id,
                    ConnectionFacts(
                        zones: $0.zones, hasLicence: $0.licence != nil, cameras: grouped[$0.id] ?? [],
                        disclosed: disclosed[$0.id])
                )
            }, uniquingKeysWith: { $1 })
    }
}
