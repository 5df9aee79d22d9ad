import ArgumentParser
import Contracts
import Foundation
import Journal
import ServiceKit

/// `registry export`: master tables as CSV files that `registry import` reads back.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export the tables of the register as CSV (UTF-8 with BOM).",
        discussion: """
            Writes <directory>/<table>.csv for every table, or for those named. Importing the files into an empty register and
            exporting again gives the same files. Passwords, and what only the system decides (camera states, first
            pictures), are not in them. Every export is in the log with its SHA-256.
            """)

    @Option(help: ArgumentHelp("Folder for the files; it is made where it is missing.", valueName: "directory"))
    var directory: String
    @Argument(help: "Tables; all of them where none is named.")
    var tables: [String] = []

    func validate() throws {
        for name in tables where MasterTables.named(name) == nil {
            throw ValidationError("没有表 \(name)；可选：" + MasterTables.all.map(\.name).joined(separator: "、"))
        }
    }

    func run() async throws {
        let names = tables
        let directory = directory
        try await ServiceSetup<RegistryService>().withPool { runtime in
            let list = MasterList(pool: runtime.pool, keys: runtime.personalDataKeys)
            let context = EventContext(actor: .system("export"), correlationId: UUIDv7.string())
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for table in MasterTables.all where names.isEmpty || names.contains(table.name) {
                let now = runtime.clock.now()
                let file = try await runtime.pool.transaction { transaction in
                    let file = try await MasterExport.file(table, list, transaction)
                    try await MasterExport.record(file, of: table, context, now: now, transaction)
                    return file
                }
                let path = URL(fileURLWithPath: directory).appendingPathComponent("\(table.name).csv").path
                guard
                    FileManager.default.createFile(
                        atPath: path, contents: Data(file.bytes),
                        attributes: [.posixPermissions: table.holdsPersonalData ? 0o600 : 0o644])
                else { throw ValidationError("无法写入 \(path)") }
                print("\(table.name).csv：\(file.rows) 行，SHA-256 \(file.digest)")
            }
        }
    }
}
