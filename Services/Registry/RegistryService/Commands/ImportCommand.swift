import Access
import ArgumentParser
import Contracts
import Foundation
import Journal
import ServiceKit

/// `registry import`: clerks' CSV files into the register. Exit code 0 = every line is in, 65 = some lines were refused.
struct ImportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Import the tables of the register from CSV (GB18030, or UTF-8 with or without BOM).",
        discussion: """
            Good lines go in; every faulty line is refused with file, line, column, value and what is allowed. Running it
            again changes nothing; running it with a corrected file completes the first run. `-` reads standard input.
            Exit code: 0 every line is in, 65 some lines or files were refused, 1 the import could not be carried out.
            """)

    /// EX_DATAERR of sysexits.h.
    static let refusedExitCode: Int32 = 65
    /// Faults shown on a terminal; all of them are in the report.
    static let shownFaults = 200

    @Option(help: ArgumentHelp("镇街: township_code,township_name,division_code,division_name", valueName: "file"))
    var townships: String?
    @Option(help: ArgumentHelp("机构: 机构名称,部门,级别,行政区划代码,上级机构", valueName: "file"))
    var organs: String?
    @Option(help: ArgumentHelp("基层所: 机构名称,上级机构,行政区划代码,镇街", valueName: "file"))
    var stations: String?
    @Option(help: ArgumentHelp("学校与食堂名册", valueName: "file"))
    var roster: String?
    @Option(help: ArgumentHelp("许可证各版本及状态", valueName: "file"))
    var licences: String?
    @Option(help: ArgumentHelp("供餐单位认证证书", valueName: "file"))
    var certificates: String?
    @Option(help: ArgumentHelp("供餐合同", valueName: "file"))
    var contracts: String?
    @Option(help: ArgumentHelp("学期", valueName: "file"))
    var terms: String?
    @Option(help: ArgumentHelp("停餐日、供餐日", valueName: "file"))
    var mealDays: String?
    @Option(help: ArgumentHelp("责任人", valueName: "file"))
    var duties: String?
    @Option(help: ArgumentHelp("培训", valueName: "file"))
    var training: String?
    @Option(help: ArgumentHelp("培训到场和成绩", valueName: "file"))
    var attendance: String?
    @Option(help: ArgumentHelp("摄像头", valueName: "file"))
    var cameras: String?
    @Option(help: ArgumentHelp("人员: 姓名,登录名,角色,机构,学校[,任职日期,离任日期]", valueName: "file"))
    var staff: String?
    @Option(
        help: ArgumentHelp(
            "Append login, first password and role of new accounts to this file (mode 0600).", valueName: "file"))
    var passwordsOut: String?
    @Option(
        help: ArgumentHelp("Write the whole report as JSON to this file, or - for standard output.", valueName: "file"))
    var report: String?
    @Option(help: "Form of the report on standard output.")
    var format: Format = .text
    @Flag(help: "Accounts that a stranger can use: final passwords, codes set up. Only with MODE=local.")
    var demoAccounts = false
    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        guard !files.isEmpty else {
            throw ValidationError("请至少给出一个文件：--organs --stations --roster --cameras --staff …，见 --help")
        }
        guard staff == nil || passwordsOut != nil else {
            throw ValidationError("--staff 需要 --passwords-out，新账号的初始密码写入该文件")
        }
    }

    private var files: ImportFiles {
        ImportFiles(
            townships: townships, organs: organs, stations: stations, roster: roster, licences: licences,
            certificates: certificates, contracts: contracts, terms: terms, mealDays: mealDays, cameras: cameras,
            staff: staff, duties: duties, training: training, attendance: attendance)
    }

    func run() async throws {
        let setup = try await ServiceSetup<RegistryService>()
        guard !demoAccounts || setup.configuration.mode == .local else {
            throw ValidationError("--demo-accounts 只能在 MODE=local 时使用")
        }
        let passwords = InitialPasswords(hasher: PasswordHasher(), isDemo: demoAccounts)
        let progress = ImportProgress(isSilent: quiet)
        let files = files
        let passwordsOut = passwordsOut
        let outcome = try await setup.withPool { runtime in
            let context = EventContext(actor: .system("import"), correlationId: UUIDv7.string())
            let run = ImportRun(
                pool: runtime.pool, clock: runtime.clock, context: context, progress: progress, passwords: passwords,
                keys: runtime.personalDataKeys)
            do {
                let outcome = try await run.run(files)
                if let passwordsOut { try passwords.write(to: passwordsOut) }
                return outcome
            } catch {
                // Accounts that are in keep a password that somebody knows, whatever went wrong after them.
                if let passwordsOut { try passwords.write(to: passwordsOut) }
                throw error
            }
        }
        try show(outcome)
        if !outcome.isComplete { throw ExitCode(Self.refusedExitCode) }
    }

    private func show(_ outcome: ImportReport) throws {
        let json = try BrightJSON.encode(outcome) + [0x0a]
        if let report, report != "-" { try Data(json).write(to: URL(fileURLWithPath: report)) }
        if format == .json || report == "-" {
            try FileHandle.standardOutput.write(contentsOf: Data(json))
            return
        }
        let faults = outcome.files.flatMap(\.faults)
        var lines = faults.prefix(Self.shownFaults).map(\.chinese)
        if faults.count > Self.shownFaults {
            lines.append("……另有 \(faults.count - Self.shownFaults) 条未显示，用 --report FILE 得到全部")
        }
        for file in outcome.files {
            lines.append(
                "\(file.file)：\(file.lines) 行，新增 \(file.added)，变更 \(file.changed)，未变 \(file.unchanged)，拒绝 \(file.refusedLines)"
                    + (file.encoding.map { "（编码 \($0.rawValue)）" } ?? ""))
        }
        lines.append(outcome.isComplete ? "全部导入。" : "有文件或行被拒绝（\(outcome.refusedLines) 行）；改正后重新导入同一文件即可。")
        try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
