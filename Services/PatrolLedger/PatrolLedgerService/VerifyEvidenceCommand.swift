import ArgumentParser
import Foundation
import ServiceKit

/// `patrol-ledger verify-evidence`: hashes evidence files and ledger entries again; ends with 1 and names what fails.
struct VerifyEvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-evidence", abstract: "Hash every evidence file and ledger entry again.")

    func run() async throws {
        try await CommandRun.with(PatrolLedgerService.self) { setup in
            let settings = setup.settings
            let report = try await setup.withPool { runtime in
                let vault = try settings.vault(runtime)
                return try await EvidenceVerifier(pool: runtime.pool, vault: vault, clock: runtime.clock).verify()
            }
            for failure in report.failures { CommandRun.print("FAILED \(failure.description)") }
            CommandRun.print(
                "patrol-ledger: \(report.files) evidence files, \(report.entries) ledger entries, \(report.failures.count) failures, "
                    + "\(report.unrecorded) files without a record")
            if !report.failures.isEmpty { throw ExitCode(1) }
        }
    }
}
