import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres

/// Once a day: what was recorded of the day that ended, for every camera in use, from the segments that the recorders
/// hold. Goes on where it was cut off: how far it came is written in the transaction that writes the results.
struct CoverageJob: Sendable {
    /// A platform that reported recordings within these days before is expected to report them.
    static let reportingDays = 30
    /// Asked of a video platform at the same time.
    static let questions = 16
    static let context = EventContext(actor: .system("coverage"), correlationId: "coverage")

    let pool: PostgresPool
    let clock: any WallClock
    let source: (any VideoSource)?
    /// Recorded ÷ operating, in thousandths.
    let minimumPermille: Int
    /// Segments that end at midnight arrive a little later: how long after it the day is computed.
    let settle: Duration
    let logger: Logger
    var batchSize = 250

    /// Computes what is due: every day since the last finished one, then days of which more became known.
    func look() async throws {
        let last = LocalDate(clock.now() - settle).adding(days: -1)
        let finished = try await pool.first("SELECT max(day) AS day FROM coverage_run WHERE finished_at IS NOT NULL") {
            row -> LocalDate? in try row["day"]
        }
        var day = (finished ?? nil).map { $0.adding(days: 1) } ?? last
        while day <= last {
            try await compute(day)
            day = day.adding(days: 1)
        }
        while try await recomputeStale(through: last) == batchSize {}
    }

    private func compute(_ day: LocalDate) async throws {
        let now = clock.now()
        try await pool.execute(
            "INSERT INTO coverage_run (day, started_at) VALUES (\(day), \(now)) ON CONFLICT DO NOTHING")
        while true {
            let run = try await pool.first("SELECT after_camera_id, finished_at FROM coverage_run WHERE day = \(day)") {
                row -> (after: String, finished: Instant?) in (try row["after_camera_id"], try row["finished_at"])
            }
            guard let run, run.finished == nil else { return }
            let subjects = try await CoverageStore.subjects(
                inUseBefore: day.adding(days: 1).start, after: run.after, limit: batchSize, pool)
            let pulled = try await pull(subjects, day)
            try await pool.transaction { transaction in
                // Another member may have done this batch meanwhile.
                let after = try await transaction.first(
                    "SELECT after_camera_id FROM coverage_run WHERE day = \(day) AND finished_at IS NULL FOR UPDATE"
                ) { row -> String in try row["after_camera_id"] }
                guard after == run.after else { return }
                try await finish(subjects, day, pulled, now, transaction)
            }
        }
    }

    /// One batch with its progress, or the end of the day when there are no more cameras.
    private func finish(
        _ subjects: [CoverageStore.Subject], _ day: LocalDate, _ pulled: Pulled, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        guard let lastId = subjects.last?.camera else {
            try await transaction.execute("UPDATE coverage_run SET finished_at = \(now) WHERE day = \(day)")
            return
        }
        try await RecordingStore.replace(pulled.spans, now: now, transaction)
        try await WatchStore.setOldest(pulled.oldest.map { ($0.key, $0.value) }, transaction)
        let current = try await CoverageStore.subjects(subjects.map(\.camera), transaction)
        try await compute(current, [day], through: day, now, transaction, announcesAll: true)
        try await transaction.execute(
            """
            UPDATE coverage_run SET after_camera_id = \(lastId), cameras = cameras + \(subjects.count) WHERE day = \(day)
            """)
    }

    private struct Pulled: Sendable {
        var spans: [RecordingStore.Key: RecordedSpans] = [:]
        var oldest: [CameraID: Instant] = [:]
    }

    /// What the video platform holds, where one is configured. A platform that does not answer holds up the day: a day
    /// must not be called short because nobody could be asked.
    private func pull(_ subjects: [CoverageStore.Subject], _ day: LocalDate) async throws -> Pulled {
        var pulled = Pulled()
        guard let source else { return pulled }
        for start in stride(from: 0, to: subjects.count, by: Self.questions) {
            let part = subjects[start..<min(start + Self.questions, subjects.count)]
            try await withThrowingTaskGroup(of: (CameraID, VideoRecordings?).self) { group in
                for subject in part {
                    group.addTask {
                        (subject.camera, try await source.recordingSegments(of: subject.gbId, on: day))
                    }
                }
                for try await (camera, recordings) in group {
                    guard let recordings else { continue }
                    pulled.spans[.init(camera: camera, day: day)] = recordings.spans
                    pulled.oldest[camera] = recordings.oldest
                }
            }
        }
        return pulled
    }

    /// Days of these cameras, and where the cameras stand after `through`.
    private func compute(
        _ subjects: [CoverageStore.Subject], _ days: Set<LocalDate>, through: LocalDate, _ now: Instant,
        _ transaction: PostgresTransaction, announcesAll: Bool
    ) async throws {
        guard let first = days.min(), let last = days.max() else { return }
        let cameras = subjects.map(\.camera)
        let recorded = try await RecordingStore.days(
            of: cameras, from: first.adding(days: -Self.reportingDays), through: last, transaction)
        let reporting = Set(recorded.keys.map(\.camera))
        let outages = try await OutageStore.approved(
            from: first.start, to: last.adding(days: 1).start, transaction)
        var results: [(CameraID, LocalDate, DayCoverage)] = []
        for subject in subjects {
            let own = RecordedSpans(
                outages.filter { $0.canteenId == subject.canteen && ($0.cameraId ?? subject.camera) == subject.camera }
                    .map { .init(from: $0.from.microseconds / 1000, to: $0.to.microseconds / 1000) })
            for day in days.sorted() {
                let spans = recorded[.init(camera: subject.camera, day: day)]
                let known = spans ?? (reporting.contains(subject.camera) ? RecordedSpans() : nil)
                results.append(
                    (
                        subject.camera, day,
                        DayCoverage(
                            day: day, recorded: known, since: subject.since, outages: own,
                            minimumPermille: minimumPermille)
                    ))
            }
        }
        try await CoverageStore.write(results, now: now, transaction)
        try await stand(subjects, through: through, now, transaction, announcesAll: announcesAll)
    }

    private func stand(
        _ subjects: [CoverageStore.Subject], through: LocalDate, _ now: Instant, _ transaction: PostgresTransaction,
        announcesAll: Bool
    ) async throws {
        let window = subjects.map(\.minimumDays).max() ?? 15
        let days = Dictionary(
            grouping: try await CoverageStore.days(
                of: subjects.map(\.camera), from: through.adding(days: 1 - window), through: through, transaction),
            by: \.camera)
        let before = Set(
            try await transaction.query(
                """
                SELECT camera_id FROM camera_retention
                WHERE state = 'short' AND camera_id = ANY(\(subjects.map(\.camera))::text[])
                """
            ) { row -> CameraID in try row["camera_id"] })
        var standings: [(CameraID, RetentionStanding)] = []
        var events: [any Event] = []
        var found: [FaultStore.Finding] = []
        var ended: [(camera: CameraID, kind: FaultKind)] = []
        for subject in subjects {
            let own = days[subject.camera] ?? []
            let standing = RetentionStanding(
                through: through, minimumDays: subject.minimumDays, since: subject.since,
                days: own.map {
                    .init(day: $0.day, recordedMs: $0.recordedMs, operatingMs: $0.operatingMs, state: $0.state)
                }, oldest: subject.oldest, minimumPermille: minimumPermille)
            standings.append((subject.camera, standing))
            guard standing.state == .short else {
                ended.append((subject.camera, .recordingShort))
                continue
            }
            found.append(
                .init(
                    kind: .recordingShort, camera: subject.camera, canteen: subject.canteen, division: subject.division,
                    incident: nil))
            guard announcesAll || !before.contains(subject.camera), let event = below(subject, standing, own, through)
            else { continue }
            events.append(event)
        }
        try await CoverageStore.write(standings, through: through, transaction)
        try await transaction.publish(events, Self.context, occurredAt: now)
        try await FaultStore.open(found, Self.context, now: now, transaction)
        try await FaultStore.recover(ended, Self.context, now: now, transaction)
    }

    private func below(
        _ subject: CoverageStore.Subject, _ standing: RetentionStanding, _ days: [CoverageStore.Day],
        _ through: LocalDate
    ) -> CoverageBelowMinimum? {
        guard let shortfall = standing.shortfall else { return nil }
        let last = days.first { $0.day == through }
        return CoverageBelowMinimum(
            cameraId: subject.camera, canteenId: subject.canteen, schoolId: subject.school,
            divisionCode: subject.division, day: through, shortfall: shortfall,
            recordedSeconds: Int((last?.recordedMs ?? 0) / 1000),
            operatingSeconds: Int((last?.operatingMs ?? 0) / 1000),
            gaps: last?.gaps.spans.count ?? 0, windowDays: standing.minimumDays,
            windowRecordedSeconds: Int(standing.recordedMs / 1000),
            windowOperatingSeconds: Int(standing.operatingMs / 1000), minimumPermille: minimumPermille)
    }

    /// Recordings came late, an outage was approved, a promise changed.
    private func recomputeStale(through last: LocalDate) async throws -> Int {
        let now = clock.now()
        return try await pool.transaction { transaction in
            let stale = try await CoverageStore.stale(through: last, limit: batchSize, transaction)
            for (day, cameras) in Dictionary(grouping: stale, by: \.1) {
                let subjects = try await CoverageStore.subjects(cameras.map(\.0), transaction)
                try await compute(subjects, [day], through: last, now, transaction, announcesAll: false)
            }
            return stale.count
        }
    }
}
