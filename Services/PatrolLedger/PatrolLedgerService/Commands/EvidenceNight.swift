import Calendar
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Every night at 02:00 (Asia/Shanghai): all evidence and ledger entries are hashed again, and what is past its
/// retention is disposed of. A night that was missed is made up for at the next start.
struct EvidenceNight: Service {
    let desk: PatrolDesk
    let logger: Logger
    var interval: Duration = .seconds(300)
    static let hour = 2

    func run() async throws {
        try await RepeatedWork("evidence checked", every: interval, logger: logger) {
            guard try await isDue() else { return 0 }
            return try await work().files
        }.run()
    }

    /// True when the last run began before the latest 02:00.
    func isDue() async throws -> Bool {
        let now = desk.clock.now()
        let tonight = LocalDate(now).start + .seconds(Self.hour * 3600)
        let latest = now >= tonight ? tonight : LocalDate(now).adding(days: -1).start + .seconds(Self.hour * 3600)
        let last = try await desk.pool.first("SELECT max(started_at) AS at FROM evidence_audit") {
            try $0["at"] as Instant?
        }
        guard let last, let last else { return true }
        return last < latest
    }

    @discardableResult
    func work() async throws -> EvidenceVerifier.Report {
        let started = desk.clock.now()
        let report = try await EvidenceVerifier(pool: desk.pool, vault: desk.vault, clock: desk.clock).verify()
        for failure in report.failures {
            logger.critical("evidence does not match its seal", metadata: ["what": "\(failure.description)"])
        }
        let disposed = try await EvidenceRetention(desk: desk).run()
        try await desk.pool.execute(
            """
            INSERT INTO evidence_audit (started_at, ended_at, files, entries, failures, disposed, unrecorded)
            VALUES (\(started), \(desk.clock.now()), \(report.files), \(report.entries), \(report.failures.count), \(disposed),
                \(report.unrecorded))
            """)
        logger.info(
            "evidence checked",
            metadata: [
                "files": "\(report.files)", "failures": "\(report.failures.count)", "disposed": "\(disposed)",
                "unrecorded": "\(report.unrecorded)",
            ])
        return report
    }
}
