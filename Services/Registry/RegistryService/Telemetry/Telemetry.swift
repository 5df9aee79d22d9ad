import Contracts
import Delivery
import Journal
import ServiceKit
import ServiceLifecycle

/// Wires signals, recordings and faults together: the one thing of this folder that the service knows.
struct Telemetry: Sendable {
    static let group = "registry-telemetry"

    let monitor: CameraMonitor
    let loop: TelemetryLoop
    let consumer: InboundConsumer

    init(runtime: ServiceRuntime, settings: TelemetrySettings, liveDirectory: String) {
        let monitor = CameraMonitor(
            pool: runtime.pool, clock: runtime.clock, platforms: settings.platforms,
            rules: settings.signal, logger: runtime.logger)
        let source = Self.source(settings, liveDirectory, runtime)
        self.monitor = monitor
        let lease = TelemetryLease(pool: runtime.pool)
        loop = TelemetryLoop(
            lease: lease, monitor: monitor, watch: FaultWatch(monitor: monitor),
            job: CoverageJob(
                pool: runtime.pool, clock: runtime.clock, source: source, minimumPermille: settings.minimumPermille,
                settle: settings.settle, logger: runtime.logger),
            source: source, logger: runtime.logger)
        consumer = InboundConsumer(
            kafka: runtime.configuration.kafka, group: Self.group, topic: .telemetry, logger: runtime.logger,
            mayRun: { lease.isHeld },
            handle: { records in
                try await monitor.take(records)
                try await monitor.flush()
            })
    }

    private static func source(
        _ settings: TelemetrySettings, _ liveDirectory: String, _ runtime: ServiceRuntime
    ) -> (any VideoSource)? {
        switch settings.source {
        case .none: nil
        case .hls:
            HLSDirectory(live: liveDirectory, recordings: settings.recordDirectory, clock: runtime.clock)
        case .mediamtx:
            settings.mediaMTX.map {
                MediaMTX(
                    control: $0.control, playback: $0.playback, pathTemplate: $0.pathTemplate,
                    credentials: $0.credentials, http: runtime.internalHTTP, clock: runtime.clock)
            }
        }
    }
}
