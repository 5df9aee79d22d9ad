import ArgumentParser
import Contracts
import Foundation
import Journal
import ServiceKit

/// `registry calendar load`: notices of the State Council into the database, as a new version.
struct CalendarLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load yearly holiday notices (YYYY.json, or a folder of them) as a new version of the calendar.",
        discussion: """
            Good files go in together as one version; a faulty or empty one is refused with its reason. Loading the same
            again changes nothing. Open deadlines are then computed again by the running service, only ever to a later
            day. Exit code: 0 every file is in, 65 some files were refused, 1 nothing could be carried out.
            """)

    @Argument(help: ArgumentHelp("Notice files or folders.", valueName: "file"))
    var files: [String]

    func run() async throws {
        let read = NoticeFiles(files)
        let setup = try await ServiceSetup<RegistryService>()
        let outcome = try await setup.withPool { runtime in
            try await runtime.pool.transaction { transaction in
                try await CalendarStore.load(
                    read.notices, EventContext(actor: .system("calendar-load"), correlationId: UUIDv7.string()),
                    now: runtime.clock.now(), transaction)
            }
        }
        var lines = read.refused.map { "\($0.file)：拒绝。\($0.reason)" }
        if !outcome.loaded.isEmpty { lines.append("已载入：\(outcome.loaded.map(String.init).joined(separator: "、"))") }
        if !outcome.unchanged.isEmpty {
            lines.append("未变：\(outcome.unchanged.map(String.init).joined(separator: "、"))")
        }
        lines.append("日历版本：\(outcome.edition)")
        try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        if !read.refused.isEmpty { throw ExitCode(ImportCommand.refusedExitCode) }
    }
}
