import ArgumentParser
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit

/// `patrol-ledger simulate-alerts`: what an AI vendor would send about registered cameras.
struct SimulateAlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-alerts",
        abstract: "Send made-up alerts of registered cameras to the alert topic, for demonstrations.",
        discussion: "The vendor must be in ALERT_VENDORS of the patrol ledger; codes are in its code table.")

    @Option(help: "Name of the vendor.")
    var vendor = "simulator"
    @Option(help: "Version of the vendor's product.")
    var productVersion = "1.0"
    @Option(help: "The vendor's code; one that no table knows is kept as unknown.")
    var code = "RAT"
    @Option(help: "Only this camera (GB/T 28181 id).")
    var camera: String?
    @Option(help: "Alerts of so many cameras.")
    var count = 1

    private struct Report: Encodable {
        struct Alert: Encodable {
            var id: String
            var gbId: String
            var at: String
            var code: String
            var confidence: Double
        }
        var version = AlertReport.version
        var vendor: String
        var productVersion: String
        var alerts: [Alert]
    }

    func validate() throws {
        guard (1...AlertReport.maximumAlerts).contains(count) else {
            throw ValidationError("--count is 1…\(AlertReport.maximumAlerts)")
        }
    }

    func run() async throws {
        try await CommandRun.with(PatrolLedgerService.self) { setup in
            try await setup.withPool { runtime in
                let cameras = try await runtime.pool.query(
                    """
                    SELECT gb_id FROM camera WHERE \(camera)::text IS NULL OR gb_id = \(camera)
                    ORDER BY gb_id LIMIT \(count)
                    """
                ) { try $0["gb_id"] as String }
                guard !cameras.isEmpty else { throw ValidationError("no such camera is registered") }
                let now = runtime.clock.now()
                let report = Report(
                    vendor: vendor, productVersion: productVersion,
                    alerts: cameras.map {
                        .init(id: UUIDv7.string(), gbId: $0, at: now.rfc3339, code: code, confidence: 0.9)
                    })
                let producer = try InboundProducer(
                    kafka: runtime.configuration.kafka, topic: .deviceAlerts, logger: runtime.logger)
                try await producer.send([InboundRecord(key: Array(vendor.utf8), value: try EventJSON.encode(report))])
                await producer.close()
                CommandRun.print("patrol-ledger: \(cameras.count) alerts sent as \(vendor) \(productVersion)")
            }
        }
    }
}
