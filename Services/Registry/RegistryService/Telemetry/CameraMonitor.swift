import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Metrics
import Postgres

/// Knows every camera's signal in memory. A report is compared with what is known and costs nothing more unless it
/// changes something; changes are written in batches.
actor CameraMonitor {
    struct Entry: Sendable {
        var camera: MonitoredCamera
        /// The division's digits as a number.
        let division: UInt32
        var tracker = SignalTracker()
        var faults: Set<FaultKind> = []
        var incident: IncidentID?
        /// Microseconds since 1970, as last written; 0 = not told.
        var oldest: Int64 = 0
    }

    /// The oldest recording moves on all the time: written when it moved by an hour.
    private static let oldestStep: Int64 = 3_600_000_000
    static let context = EventContext(actor: .system("telemetry"), correlationId: "telemetry")

    let pool: PostgresPool
    let clock: any WallClock
    let rules: SignalRules
    private let platforms: TelemetryPlatforms
    private let logger: Logger
    private var index: [CameraKey: Int] = [:]
    private var positions: [CameraID: Int] = [:]
    private(set) var entries: [Entry] = []
    private var outages: [OutageStore.Outage] = []
    private var pending = PendingTelemetry()
    private var writing: Task<Void, any Error>?
    private var isLoaded = false
    private let sampleCounter = Counter(label: "telemetry_samples_total")
    private let refusedCounter = Counter(label: "telemetry_refused_total")

    init(
        pool: PostgresPool, clock: any WallClock, platforms: TelemetryPlatforms, rules: SignalRules = SignalRules(),
        logger: Logger
    ) {
        self.pool = pool
        self.clock = clock
        self.platforms = platforms
        self.rules = rules
        self.logger = logger
    }

    // MARK: What is remembered

    /// Everything anew from the database: at start, and when another member may have written meanwhile.
    func load() async throws {
        try await flush()
        let cameras = try await MonitoredCamera.all(pool)
        let signals = try await SignalIntervalStore.current(pool)
        let through = try await HeartbeatStore.latest(pool)
        let faults = try await FaultStore.open(pool)
        let members = try await IncidentStore.openMembers(pool)
        entries = []
        index = [:]
        positions = [:]
        for camera in cameras { add(camera) }
        for (id, interval) in signals {
            guard let position = positions[id] else { continue }
            entries[position].tracker = SignalTracker(
                state: interval.state, since: interval.from.microseconds, seenUntil: through?.microseconds ?? 0)
        }
        for (id, kind) in faults { if let position = positions[id] { entries[position].faults.insert(kind) } }
        for (id, incident) in members { if let position = positions[id] { entries[position].incident = incident } }
        isLoaded = true
        try await refresh()
    }

    /// New cameras, changed states, planned outages: about once a minute.
    func refresh() async throws {
        guard isLoaded else { return try await load() }
        let now = clock.now()
        try await pool.transaction { try await WatchStore.refresh(now: now, $0) }
        let cameras = try await MonitoredCamera.all(pool)
        outages = try await OutageStore.approved(from: now, to: now + .seconds(60), pool)
        for camera in cameras {
            if let position = positions[camera.id] { entries[position].camera = camera } else { add(camera) }
        }
    }

    private func add(_ camera: MonitoredCamera) {
        guard let key = CameraKey(camera.gbId) else { return }
        index[key] = entries.count
        positions[camera.id] = entries.count
        entries.append(Entry(camera: camera, division: UInt32(camera.divisionCode) ?? 0))
    }

    func apply(_ statuses: [CameraID: CameraStatus]) {
        for (id, status) in statuses { if let position = positions[id] { entries[position].camera.status = status } }
    }

    func setFaults(_ faults: [(CameraID, FaultKind)], members: [(CameraID, IncidentID)]) {
        for position in entries.indices {
            entries[position].faults.removeAll(keepingCapacity: true)
            entries[position].incident = nil
        }
        for (id, kind) in faults { if let position = positions[id] { entries[position].faults.insert(kind) } }
        for (id, incident) in members { if let position = positions[id] { entries[position].incident = incident } }
    }

    /// The camera is switched off as planned.
    func isPlanned(_ camera: MonitoredCamera, at now: Instant) -> Bool {
        outages.contains {
            $0.canteenId == camera.canteenId && ($0.cameraId ?? camera.id) == camera.id && $0.from <= now && now < $0.to
        }
    }

    func tracker(of camera: CameraID) -> SignalTracker? { positions[camera].map { entries[$0].tracker } }
    var hasOutages: Bool { !outages.isEmpty }

    // MARK: What arrives

    /// Records of the topic. Nothing in them can stop the others.
    func take(_ records: [InboundRecord]) async throws {
        if !isLoaded { try await load() }
        let now = clock.now()
        let decoder = TelemetryDecoder()
        for record in records {
            do throws(TelemetryDecoder.Refused) {
                let report = try decoder.decode(record.value, now: now.microseconds)
                guard let mayReport = platforms.mayReport(report.platform) else {
                    throw TelemetryDecoder.Refused(reason: .unknownPlatform)
                }
                take(report, mayReport, now)
            } catch {
                // What a stranger calls itself is not kept: any number of names would be any number of rows.
                refuse(error.reason, platform: "?", reports: 1, record.value)
            }
        }
        pending.beats[.push] = now
    }

    private func take(_ report: TelemetryReport, _ mayReport: (UInt32) -> Bool, _ now: Instant) {
        for (reason, count) in report.refused { refuse(reason, platform: report.platform, reports: count, []) }
        var unknown = 0
        var outside = 0
        for sample in report.samples {
            guard let position = index[sample.camera] else {
                unknown += 1
                continue
            }
            guard mayReport(entries[position].division) else {
                outside += 1
                continue
            }
            observe(sample, at: position)
        }
        for segment in report.segments {
            guard let position = index[segment.camera] else {
                unknown += 1
                continue
            }
            guard mayReport(entries[position].division) else {
                outside += 1
                continue
            }
            pending.add(segment.span, of: entries[position].camera.id)
        }
        if unknown > 0 { refuse(.unknownCamera, platform: report.platform, reports: unknown, []) }
        if outside > 0 { refuse(.wrongDivision, platform: report.platform, reports: outside, []) }
        sampleCounter.increment(by: Int64(report.samples.count))
    }

    /// Samples that we asked for ourselves, from a video adapter.
    func take(pulled samples: [SignalSample]) async throws {
        if !isLoaded { try await load() }
        for sample in samples { if let position = index[sample.camera] { observe(sample, at: position) } }
        pending.beats[.pull] = clock.now()
        sampleCounter.increment(by: Int64(samples.count))
    }

    private func observe(_ sample: SignalSample, at position: Int) {
        if let changes = entries[position].tracker.observe(sample, rules), !changes.isEmpty {
            note(changes, of: entries[position].camera.id)
        }
        guard let oldest = sample.oldestRecording, abs(oldest - entries[position].oldest) >= Self.oldestStep else {
            return
        }
        entries[position].oldest = oldest
        pending.oldest[entries[position].camera.id] = Instant(microseconds: oldest)
    }

    private func note(_ changes: [SignalTracker.Change], of camera: CameraID) {
        for change in changes {
            pending.changes.append(.init(camera: camera, at: Instant(microseconds: change.at), state: change.state))
        }
    }

    private func refuse(_ reason: TelemetryRefusal, platform: String, reports: Int, _ value: [UInt8]) {
        refusedCounter.increment(by: Int64(reports))
        let example = String(decoding: value.prefix(120).map { (0x20...0x7e).contains($0) ? $0 : 0x2e }, as: UTF8.self)
        pending.refuse(reason, platform: platform, reports: reports, example: example)
    }

    // MARK: What is written

    /// Writes what has changed so far; when it returns, everything taken before is in the database. One at a time: two
    /// writers could store a camera's changes in the wrong order.
    func flush() async throws {
        while let running = writing { _ = await running.result }
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = PendingTelemetry()
        let now = clock.now()
        let pool = pool
        let task = Task { try await pool.transaction { try await batch.write(now: now, $0) } }
        writing = task
        let outcome = await task.result
        writing = nil
        if case .failure(let error) = outcome {
            pending = batch.followed(by: pending)
            throw error
        }
    }

    /// Lets time pass: cameras that nobody reports become unknown.
    func tick(_ now: Instant) {
        for position in entries.indices {
            let changes = entries[position].tracker.tick(now: now.microseconds, rules)
            if !changes.isEmpty { note(changes, of: entries[position].camera.id) }
        }
    }
}
