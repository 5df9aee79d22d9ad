import ArgumentParser
import Foundation
import Journal

/// `verify`: proves journal, hashes, tree and checkpoints; ends with 1 and names each entry that does not hold.
struct VerifyCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify", abstract: "Prove that the journal was not altered.",
            discussion: """
                Without --checkpoints only what the database itself claims is proved. A cut-off end or a journal that was \
                written anew shows only against checkpoints that somebody else kept.
                """)
    }

    @Option(help: "File with checkpoints kept outside this database.")
    var checkpoints: String?

    @Option(name: .customLong("key"), help: "Verifier keys (vkey) of earlier signing keys.")
    var keys: [String] = []

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            let external = try checkpoints.map { try String(contentsOfFile: $0, encoding: .utf8) }
            let earlier = try keys.map { text in
                guard let key = NoteKey(vkey: text) else { throw ValidationError("not a verifier key: \(text)") }
                return key
            }
            let own = try setup.checkpointSigner().key
            let (report, failures) = try await setup.withPool { runtime in
                let report = try await JournalVerifier(
                    service: S.description.name, pool: runtime.pool, keys: [own] + earlier
                ).verify(external: external)
                let days = try await AuditDays(
                    service: S.description.name, pool: runtime.pool, algorithm: .sha256
                ).faults()
                return (report, days + (try await S.ownFailures(runtime, setup.settings)))
            }
            if json {
                CommandRun.print(String(decoding: try BrightJSON.encode(report), as: UTF8.self))
            } else {
                for failure in failures { CommandRun.print("FAILED \(failure)") }
                Self.describe(report)
            }
            guard report.isIntact, failures.isEmpty else { throw ExitCode.failure }
        }
    }

    private static func describe(_ report: VerificationReport) {
        for failure in report.failures { CommandRun.print("FAILED \(failure)") }
        if report.failureCount > report.failures.count {
            CommandRun.print("… and \(report.failureCount - report.failures.count) more failures")
        }
        CommandRun.print(
            "\(report.isIntact ? "intact" : "NOT INTACT"): \(report.entries) entries, \(report.unsequenced) not yet "
                + "sequenced, \(report.checkpoints) checkpoints up to size \(report.vouchedSize), root \(report.root)")
    }
}
