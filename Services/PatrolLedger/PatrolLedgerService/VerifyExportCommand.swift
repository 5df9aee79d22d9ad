import ArgumentParser
import Foundation
import Journal
import ServiceKit

/// `patrol-ledger verify-export FILE --key VKEY`: checks an evidence export offline; needs no configuration and no
/// database. Ends with 1 and names what does not hold.
struct VerifyExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-export", abstract: "Check an evidence export offline.",
        discussion:
            "The key is what `patrol-ledger checkpoint --key` prints; get it from somewhere else than the export.")

    @Argument(help: "The archive.")
    var file: String

    @Option(help: "Verifier key (vkey) of the log.")
    var key: String

    func run() throws {
        guard let noteKey = NoteKey(vkey: key) else { throw ValidationError("not a verifier key: \(key)") }
        let report = ExportVerifier(key: noteKey).verify([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
        for failure in report.failures { CommandRun.print("FAILED \(failure)") }
        CommandRun.print(
            "\(report.failures.isEmpty ? "intact" : "NOT INTACT"): \(report.evidence) pieces of evidence, "
                + "\(report.ledgerEntries) ledger entries, log \(report.origin) of size \(report.treeSize)")
        if !report.failures.isEmpty { throw ExitCode.failure }
    }
}
