import Calendar
import Contracts
import Foundation
import Journal
import Logging
import ServiceKit
import TestSupport

@testable import RegistryService

/// A city with cameras in use, and a platform that reports about them.
struct TelemetryTest: Sendable {
    let client: ServiceClient
    let monitor: CameraMonitor
    let watch: FaultWatch
    let cameras: [Camera]

    static func run(
        now: Instant? = nil, _ body: @Sendable @escaping (TelemetryTest) async throws -> Void
    ) async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            if let now { client.clock.set(now) }
            try await client.pool.execute("UPDATE camera SET status = 'active'")
            let cameras = try await client.pool.query(
                "SELECT \(CameraStore.columns) \(CameraStore.source) ORDER BY k.gb_id", CameraStore.decode)
            guard let platforms = TelemetryPlatforms("vms=4407,kaiping=440783") else {
                throw RegistryTest.NotFound(what: "platforms")
            }
            let monitor = CameraMonitor(
                pool: client.pool, clock: client.clock, platforms: platforms, logger: .quiet("telemetry"))
            try await monitor.load()
            try await body(
                TelemetryTest(
                    client: client, monitor: monitor, watch: FaultWatch(monitor: monitor), cameras: cameras))
        }
    }

    var now: Instant { client.clock.now() }

    func job(source: (any VideoSource)? = nil, batchSize: Int = 250) -> CoverageJob {
        CoverageJob(
            pool: client.pool, clock: client.clock, source: source, minimumPermille: 950, settle: .seconds(1_800),
            logger: .quiet("coverage"), batchSize: batchSize)
    }

    private struct Report: Encodable {
        struct Sample: Encodable {
            let gbId: String
            let at: Instant
            let signal: String
        }

        struct Segment: Encodable {
            let gbId: String
            let from: Instant
            let to: Instant
        }

        let version = 1
        let platform: String
        var samples: [Sample] = []
        var segments: [Segment] = []
    }

    /// Signals of these cameras at this moment, as a record of the topic.
    func report(_ signals: [(Camera, String)], platform: String = "vms") async throws {
        let samples = signals.map { Report.Sample(gbId: $0.0.gbId, at: now, signal: $0.1) }
        try await take(Report(platform: platform, samples: samples))
    }

    func recorded(_ spans: [(Camera, Instant, Instant)]) async throws {
        for start in stride(from: 0, to: spans.count, by: 2_000) {
            let part = spans[start..<min(start + 2_000, spans.count)]
            try await take(
                Report(platform: "vms", segments: part.map { .init(gbId: $0.0.gbId, from: $0.1, to: $0.2) }))
        }
    }

    private func take(_ report: Report) async throws {
        try await monitor.take([InboundRecord(key: nil, value: try BrightJSON.encode(report))])
        try await monitor.flush()
    }

    /// Minutes pass; each of them the platform reports these signals and the watch looks.
    func minutes(_ count: Int, _ signals: [(Camera, String)]) async throws {
        for _ in 0..<count {
            client.clock.advance(by: .seconds(60))
            if !signals.isEmpty { try await report(signals) }
            try await watch.look()
        }
    }

    func faults() async throws -> [DeviceFault] {
        try await client.pool.query(
            "SELECT \(FaultStore.columns) \(FaultStore.source) ORDER BY f.detected_at, f.id", FaultStore.decode)
    }

    func status(_ camera: Camera) async throws -> CameraStatus? {
        try await client.pool.first("SELECT status FROM camera WHERE id = \(camera.id)") { try $0["status"] }
    }

    func events(_ type: String) async throws -> Int {
        try await RegistryTest.eventCounts(client)[type] ?? 0
    }
}
