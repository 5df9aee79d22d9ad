import ArgumentParser
import Calendar
import Contracts
import Foundation
import Journal
import Logging
import ServiceKit

/// `registry simulate-telemetry`: reports about the registered cameras as a camera platform would send them.
struct SimulateTelemetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-telemetry",
        abstract: "Send made-up camera reports to the telemetry topic, for demonstrations and load tests.",
        discussion: """
            The platform must be in TELEMETRY_PLATFORMS of the registry. With --in-process nothing is sent: the reports \
            are taken in by this process, and the rate and the memory are printed (benchmark P8).
            """)

    @Option(help: "Name of the platform.")
    var platform = "simulator"
    @Option(help: "At most so many cameras; 0 = all that are registered.")
    var cameras = 0
    @Option(help: "Only cameras whose id begins with these digits.")
    var division: String?
    @Option(
        help: "Seconds between polls; 0 = as fast as possible, the time of the reports going on by a minute a poll.")
    var interval = 60
    @Option(help: "Polls of all cameras; 0 = until stopped.")
    var polls = 0
    @Option(help: "Of a thousand cameras so many are lost now and then.")
    var lost = 5
    @Option(help: "Of a thousand so many come and go.")
    var flapping = 2
    @Option(help: "Of a thousand so many have a wrong clock.")
    var skew = 2
    @Option(help: "Of a thousand so many are online and not recorded.")
    var unrecorded = 5
    @Option(help: "All cameras of this division are lost.")
    var lostDivision: String?
    @Option(help: "Cameras in one record.")
    var batch = 500
    @Flag(help: "No recorded segments.")
    var statusOnly = false
    @Flag(help: "Take the reports in here instead of sending them, and measure.")
    var inProcess = false

    func validate() throws {
        guard (1...1_000).contains(batch) else { throw ValidationError("--batch is 1…1000") }
        guard cameras >= 0, interval >= 0, polls >= 0 else { throw ValidationError("no negative numbers") }
    }

    func run() async throws {
        let setup = try await ServiceSetup<RegistryService>()
        let plan = plan
        let limit = cameras
        let prefix = division
        try await setup.withPool { runtime in
            var gbIds = try await MonitoredCamera.all(runtime.pool).map(\.gbId).sorted()
            if let prefix { gbIds = gbIds.filter { $0.hasPrefix(prefix) } }
            if limit > 0 { gbIds = Array(gbIds.prefix(limit)) }
            guard !gbIds.isEmpty else { throw ValidationError("no camera is registered") }
            let simulator = TelemetrySimulator(gbIds: gbIds, plan: plan)
            if inProcess {
                try await measure(simulator, runtime)
            } else {
                try await send(simulator, runtime)
            }
        }
    }

    private var plan: TelemetrySimulator.Plan {
        TelemetrySimulator.Plan(
            platform: platform, batchSize: batch, lostPermille: lost, flappingPermille: flapping, skewPermille: skew,
            unrecordedPermille: unrecorded, lostDivision: lostDivision, withSegments: !statusOnly)
    }

    private func send(_ simulator: TelemetrySimulator, _ runtime: ServiceRuntime) async throws {
        let producer = try InboundProducer(
            kafka: runtime.configuration.kafka, topic: .telemetry, logger: runtime.logger)
        var number = 0
        let key = Array(platform.utf8)
        while polls == 0 || number < polls {
            let now = runtime.clock.now()
            let records = simulator.poll(number, at: now, interval: .seconds(max(1, interval)))
            try await producer.send(records.map { InboundRecord(key: key, value: $0) })
            number += 1
            Self.say("poll \(number): \(simulator.gbIds.count) cameras in \(records.count) records")
            if interval > 0, polls == 0 || number < polls { try await Task.sleep(for: .seconds(interval)) }
        }
        await producer.close()
    }

    /// Decoding, comparing, writing of changes: everything but the broker.
    private func measure(_ simulator: TelemetrySimulator, _ runtime: ServiceRuntime) async throws {
        let divisions = Set(try await MonitoredCamera.all(runtime.pool).map { String($0.divisionCode.prefix(2)) })
        guard let platforms = TelemetryPlatforms("\(platform)=\(divisions.sorted().joined(separator: "+"))") else {
            throw ValidationError("not a platform's name: \(platform)")
        }
        let monitor = CameraMonitor(
            pool: runtime.pool, clock: runtime.clock, platforms: platforms, logger: runtime.logger)
        try await monitor.load()
        let count = polls == 0 ? 60 : polls
        let begin = runtime.clock.now() - .seconds(60 * count)
        let before = Self.residentKiB()
        var spent = Duration.zero
        for number in 0..<count {
            let records = simulator.poll(number, at: begin + .seconds(60 * number), interval: .seconds(60))
                .map { InboundRecord(key: nil, value: $0) }
            let start = ContinuousClock.now
            try await monitor.take(records)
            try await monitor.flush()
            spent += ContinuousClock.now - start
        }
        let samples = simulator.gbIds.count * count
        let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        Self.say(
            "\(samples) statuses of \(simulator.gbIds.count) cameras in \(Int(seconds * 1000)) ms: "
                + "\(Int(Double(samples) / seconds)) a second; resident memory \(before) → \(Self.residentKiB()) KiB")
    }

    /// 0 where the system does not tell it.
    private static func residentKiB() -> Int {
        do {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
        } catch {
            return 0
        }
    }

    private static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
