import ArgumentParser
import Calendar
import Foundation
import ServiceKit

/// `registry calendar deadline`: what the calendar answers, with its reasons; or thousands of answers as CSV.
struct CalendarDeadlineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadline", abstract: "The last day of a period in working days, and how it comes about.",
        discussion: """
            With --notices the answer is worked out from these files, otherwise from the database. --bulk reads lines
            `issued,days` from standard input and writes `issued,days,deadline,provisional` lines.
            """)

    @Option(help: ArgumentHelp("Notice files or folders instead of the database.", valueName: "file"))
    var notices: [String] = []
    @Option(help: ArgumentHelp("Day of the event, which is not counted: YYYY-MM-DD.", valueName: "date"))
    var issued: String?
    @Option(help: "Length of the period in working days.")
    var days = 10
    @Flag(help: "Read lines `issued,days` from standard input.")
    var bulk = false

    func validate() throws {
        guard bulk != (issued != nil) else { throw ValidationError("请给出 --issued DATE，或者 --bulk") }
        if let issued, LocalDate(iso: issued) == nil { throw ValidationError("--issued 的写法是 YYYY-MM-DD") }
        guard days > 0, days <= 1_000 else { throw ValidationError("--days 在 1 到 1000 之间") }
    }

    func run() async throws {
        let calendar = try await calendar()
        if let issued, let start = LocalDate(iso: issued) {
            try write(Self.explanation(try calendar.deadline(from: start, workingDays: days)))
            return
        }
        while let line = readLine() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count == 2, let start = LocalDate(iso: cells[0]), let count = Int(cells[1]),
                (1...1_000).contains(count)
            else { throw ValidationError("不能理解的一行：\(line)") }
            let answer = try calendar.deadline(from: start, workingDays: count)
            try write("\(start.iso),\(count),\(answer.date.iso),\(answer.isProvisional)\n")
        }
    }

    private func calendar() async throws -> WorkingCalendar {
        guard !notices.isEmpty else {
            let setup = try await ServiceSetup<RegistryService>()
            return try await setup.withPool { try await CalendarStore.newest($0.pool).calendar }
        }
        let read = NoticeFiles(notices)
        for refusal in read.refused {
            try FileHandle.standardError.write(contentsOf: Data("\(refusal.file)：\(refusal.reason)\n".utf8))
        }
        return try WorkingCalendar(notices: read.notices)
    }

    static func explanation(_ answer: WorkingDayDeadline) -> String {
        var lines = ["\(answer.start.iso) 起（当日不计）第 \(answer.workingDays.count) 个工作日：\(answer.date.iso)"]
        for (index, day) in answer.workingDays.enumerated() { lines.append("  第 \(index + 1) 个工作日  \(day.iso)") }
        for skipped in answer.skipped { lines.append("  跳过  \(skipped.date.iso)  \(skipped.reason ?? "周末")") }
        if answer.isProvisional {
            let years = answer.unpublishedYears.map(String.init).joined(separator: "、")
            lines.append("暂定：\(years) 年的放假通知还没有载入，载入后重新计算。")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func write(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
