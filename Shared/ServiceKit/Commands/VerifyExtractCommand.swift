import ArgumentParser
import Foundation
import Journal

/// `verify-extract`: checks an exported extract of a journal with nothing but the verifier key. Needs no database.
struct VerifyExtractCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify-extract",
            abstract: "Check an extract of a journal (audit export) offline, with the log's verifier key.",
            discussion: "Exit code 0: every entry is in the signed log. 1: the lines say what does not hold.")
    }

    @Argument(help: "The exported JSON file.")
    var file: String

    @Option(help: "Verifier key (vkey) of the log, as `checkpoint --key` printed it.")
    var key: String

    func run() async throws {
        guard let key = NoteKey(vkey: key) else { throw ValidationError("not a verifier key: \(key)") }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let extract = try BrightJSON.decode(LedgerExtract.self, from: bytes)
        let faults = extract.faults(key: key)
        for fault in faults { CommandRun.print("FAILED \(fault)") }
        CommandRun.print(
            "\(faults.isEmpty ? "proved" : "NOT PROVED"): \(extract.entries.count) entries of \(extract.total) found, "
                + "\(extract.notYetSigned.count) not yet signed")
        guard faults.isEmpty else { throw ExitCode.failure }
    }
}
