import Calendar
import Concurrency
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Everything about signals and recordings that time drives: asking the video platform, drawing conclusions, projecting
/// the divisions' numbers, the daily computation. A failure of one is logged and tried again; the others go on.
struct TelemetryLoop: Service {
    static let lookInterval: Duration = .seconds(10)
    static let pullInterval: Duration = .seconds(30)
    static let refreshInterval: Duration = .seconds(60)
    static let recordingsInterval: Duration = .seconds(60)
    /// How long signals' history, spans and refusals are kept. Coverage by day stays for ever.
    static let historyDays = 400
    static let spanDays = 60
    static let refusalDays = 90

    let lease: TelemetryLease
    let monitor: CameraMonitor
    let watch: FaultWatch
    let job: CoverageJob
    let source: (any VideoSource)?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await always(TelemetryLease.renewal, "lease") {
                        // What another instance has taken in meanwhile is read from the database.
                        if try await lease.renew() == .begun { try await monitor.load() }
                    }
                }
                group.addTask { await every(Self.refreshInterval, "refresh") { try await refresh() } }
                group.addTask { await every(Self.lookInterval, "look") { try await watch.look() } }
                group.addTask { await every(Self.refreshInterval, "coverage") { try await job.look() } }
                if let source {
                    group.addTask { await every(Self.pullInterval, "pull") { try await pull(source) } }
                    group.addTask {
                        await every(Self.recordingsInterval, "recordings") { try await pullRecordings(source) }
                    }
                }
            }
        }
        do {
            try await lease.release()
        } catch {
            logger.info("the telemetry lease runs out by itself", metadata: ["error": "\(error)"])
        }
    }

    /// While this instance holds the lease.
    private func every(_ interval: Duration, _ name: String, _ body: () async throws -> Void) async {
        await always(interval, name) { if lease.isHeld { try await body() } }
    }

    private func always(_ interval: Duration, _ name: String, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await body()
            } catch is CancellationError {
                return
            } catch {
                logger.warning("telemetry \(name) failed, will be tried again", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// New cameras, numbers of the divisions, and what has become too old.
    func refresh() async throws {
        try await monitor.refresh()
        let now = monitor.clock.now()
        let pool = monitor.pool
        try await pool.transaction { try await DivisionRates.refresh(now: now, $0) }
        let today = LocalDate(now)
        try await SignalIntervalStore.purge(before: today.adding(days: -Self.historyDays).start, pool)
        try await RecordingStore.purge(before: today.adding(days: -Self.spanDays), pool)
        try await RefusalStore.purge(before: today.adding(days: -Self.refusalDays), pool)
    }

    /// The states that the video platform tells. It failing is silence: its cameras become unknown.
    func pull(_ source: any VideoSource) async throws {
        let gbIds = await monitor.entries.map(\.camera.gbId)
        let now = monitor.clock.now()
        let samples = try await source.status(of: gbIds).compactMap { gbId, status in
            CameraKey(gbId).map {
                SignalSample(
                    camera: $0, at: now.microseconds, signal: status.signal, clockOffset: status.clockOffset)
            }
        }
        try await monitor.take(pulled: samples)
        try await monitor.flush()
    }

    /// What was recorded today so far, so that a page shows it before the day is over.
    func pullRecordings(_ source: any VideoSource) async throws {
        let now = monitor.clock.now()
        let today = LocalDate(now)
        var spans: [RecordingStore.Key: RecordedSpans] = [:]
        // Of many cameras a part at a time, so that each is asked about once an hour.
        let entries = await monitor.entries.filter { $0.camera.status != .pending }
        let slices = min(60, 1 + entries.count / 200)
        let turn = Int(now.microseconds / Self.recordingsInterval.microseconds) % slices
        for (index, entry) in entries.enumerated() where index % slices == turn {
            guard let recordings = try await source.recordingSegments(of: entry.camera.gbId, on: today) else {
                continue
            }
            spans[.init(camera: entry.camera.id, day: today)] = recordings.spans
        }
        let found = spans
        try await monitor.pool.transaction { try await RecordingStore.replace(found, now: now, $0) }
    }
}
