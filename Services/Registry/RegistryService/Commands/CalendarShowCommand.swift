import ArgumentParser
import Foundation
import ServiceKit

/// `registry calendar show`: versions and published years.
struct CalendarShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Versions of the calendar and the years whose notice is loaded.")

    func run() async throws {
        let setup = try await ServiceSetup<RegistryService>()
        let (edition, versions) = try await setup.withPool { runtime in
            (try await CalendarStore.newest(runtime.pool), try await CalendarStore.versions(runtime.pool))
        }
        var lines = versions.map {
            "版本 \($0.number)  \($0.loadedAt.rfc3339)  \($0.years.map(String.init).joined(separator: "、"))  \($0.loadedBy)"
        }
        lines.append(
            edition.years.isEmpty
                ? "还没有载入任何通知：所有期限都是暂定。"
                : "已公布的年份：\(edition.years.map(String.init).joined(separator: "、"))；其他年份的期限为暂定。")
        try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
