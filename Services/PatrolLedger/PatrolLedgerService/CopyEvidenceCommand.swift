import ArgumentParser
import Foundation
import ServiceKit

/// `patrol-ledger copy-evidence --from FOLDER`: brings originals from a folder into the storage that is configured, so
/// that a city can move to an object storage. What lies there intact is left alone; the folder is not changed.
struct CopyEvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy-evidence", abstract: "Copy originals from a folder into the configured storage.")

    @Option(name: .customLong("from"), help: "The former EVIDENCE_DIR.")
    var folder: String

    func run() async throws {
        try await CommandRun.with(PatrolLedgerService.self) { setup in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw ValidationError("\(folder) is not a folder")
            }
            let from = EvidenceVault(
                storage: try EvidenceDirectory(root: URL(fileURLWithPath: folder, isDirectory: true)))
            let settings = setup.settings
            let counts = try await setup.withPool { runtime in
                try await Self.copy(from, to: try settings.vault(runtime))
            }
            CommandRun.print("patrol-ledger: \(counts.copied) originals copied, \(counts.altered.count) refused")
            for hash in counts.altered { CommandRun.print("FAILED \(hash): the file does not match its name") }
            if !counts.altered.isEmpty { throw ExitCode(1) }
        }
    }

    struct Counts: Sendable {
        /// Stored now, or found intact.
        var copied = 0
        /// Not copied: another content than the name says.
        var altered: [String] = []
    }

    static func copy(_ from: EvidenceVault, to vault: EvidenceVault) async throws -> Counts {
        var counts = Counts()
        var last: String?
        while true {
            let hashes = try await from.storage.list(after: last)
            guard let end = hashes.last else { return counts }
            for hash in hashes {
                let bytes = try await from.bytes(hash)
                guard EvidenceVault.hexDigest(bytes) == hash else {
                    counts.altered.append(hash)
                    continue
                }
                _ = try await vault.store(bytes)
                counts.copied += 1
            }
            last = end
        }
    }
}
