import Calendar
import Contracts
import Postgres

/// The history of signals, in intervals.
enum SignalIntervalStore {
    /// From `at` on the camera's signal is `state`.
    struct Change: Hashable, Sendable {
        let camera: CameraID
        let at: Instant
        let state: SignalState
    }

    struct Interval: Hashable, Sendable {
        let from: Instant
        /// nil: still so.
        let to: Instant?
        let state: SignalState
    }

    /// Writes changes, those of one camera in order of time. The same changes again have no effect.
    static func write(_ changes: [Change], _ transaction: PostgresTransaction) async throws {
        var chains: [CameraID: [Change]] = [:]
        for change in changes { chains[change.camera, default: []].append(change) }
        var first: [(CameraID, Instant)] = []
        var rows: [(camera: CameraID, from: Instant, to: Instant?, state: SignalState)] = []
        for (camera, chain) in chains {
            // Two changes at one moment: the later one counts.
            var ordered: [Change] = []
            for change in chain {
                if let last = ordered.last, last.at >= change.at { ordered.removeLast() }
                ordered.append(change)
            }
            guard let begin = ordered.first else { continue }
            first.append((camera, begin.at))
            for (index, change) in ordered.enumerated() {
                let next = index + 1 < ordered.count ? ordered[index + 1].at : nil
                rows.append((camera, change.at, next, change.state))
            }
        }
        guard !rows.isEmpty else { return }
        try await transaction.execute(
            """
            DELETE FROM camera_signal_interval i
            USING unnest(\(first.map(\.0))::text[], \(first.map(\.1))::timestamptz[]) AS k (camera_id, at)
            WHERE i.camera_id = k.camera_id AND i.from_at >= k.at
            """)
        try await transaction.execute(
            """
            UPDATE camera_signal_interval i SET to_at = k.at
            FROM unnest(\(first.map(\.0))::text[], \(first.map(\.1))::timestamptz[]) AS k (camera_id, at)
            WHERE i.camera_id = k.camera_id AND i.from_at < k.at AND (i.to_at IS NULL OR i.to_at > k.at)
            """)
        try await transaction.execute(
            """
            INSERT INTO camera_signal_interval (camera_id, from_at, to_at, state)
            SELECT * FROM unnest(\(rows.map(\.camera))::text[], \(rows.map(\.from))::timestamptz[],
                                 \(rows.map(\.to))::timestamptz[], \(rows.map(\.state))::text[])
            """)
    }

    /// Intervals that touch the time between, oldest first.
    static func intervals(
        of camera: CameraID, from: Instant, to: Instant, _ database: some PostgresExecutor
    ) async throws -> [Interval] {
        try await database.query(
            """
            SELECT from_at, to_at, state FROM camera_signal_interval
            WHERE camera_id = \(camera) AND from_at < \(to) AND (to_at IS NULL OR to_at > \(from)) ORDER BY from_at
            """
        ) { Interval(from: try $0["from_at"], to: try $0["to_at"], state: try $0["state"]) }
    }

    /// What is known now, of all cameras.
    static func current(_ database: some PostgresExecutor) async throws -> [(CameraID, Interval)] {
        try await database.query(
            "SELECT camera_id, from_at, state FROM camera_signal_interval WHERE to_at IS NULL"
        ) { (try $0["camera_id"], Interval(from: try $0["from_at"], to: nil, state: try $0["state"])) }
    }

    /// Forgets what ended before.
    static func purge(before: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM camera_signal_interval WHERE to_at < \(before)")
    }
}
