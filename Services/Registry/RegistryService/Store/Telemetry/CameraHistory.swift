import Calendar
import Contracts
import Postgres

/// Everything about one camera's signal and recordings of some days.
struct CameraHistory: Sendable {
    /// The longest that is given at once.
    static let maximumDays = 92

    let camera: Camera
    let from: LocalDate
    let through: LocalDate
    let signalShare: Double?
    let intervals: [SignalIntervalStore.Interval]
    let days: [CoverageStore.Day]
    let standing: CoverageStore.Standing?
    let policy: CoverageStore.Subject?
    /// What is known of today, which is not computed before it is over.
    let today: RecordedSpans?
    let since: Instant?

    static func read(
        _ camera: Camera, from: LocalDate, through: LocalDate, now: Instant, _ pool: PostgresPool
    ) async throws -> CameraHistory {
        let subjects = try await CoverageStore.subjects([camera.id], pool)
        let today = LocalDate(now)
        return CameraHistory(
            camera: camera, from: from, through: through,
            signalShare: try await SignalShareStore.share(camera.id, now: now, pool),
            intervals: try await SignalIntervalStore.intervals(
                of: camera.id, from: from.start, to: min(now, through.adding(days: 1).start), pool),
            days: try await CoverageStore.days(of: [camera.id], from: from, through: through, pool),
            standing: try await CoverageStore.standing(of: camera.id, pool), policy: subjects.first,
            today: try await RecordingStore.days(of: [camera.id], from: today, through: today, pool).values.first,
            since: subjects.first?.since)
    }
}
