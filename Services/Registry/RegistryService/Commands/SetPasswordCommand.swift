import Access
import ArgumentParser
import Contracts
import Foundation
import Journal
import ServiceKit

/// `registry set-password`: a new password for an account, good for one sign-in that replaces it; ends its sessions.
struct SetPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password", abstract: "Set the password of an account from a file.")

    @Option(help: "Login of the account.")
    var login: String
    @Option(help: ArgumentHelp("File whose first line is the password; - for standard input.", valueName: "file"))
    var passwordFile: String

    @Flag(help: "Also take the second factor away: another authenticator is set up at the next sign-in.")
    var resetSecondFactor = false

    func run() async throws {
        let resetSecondFactor = resetSecondFactor
        let password = try firstLine()
        if let fault = PasswordRule.fault(password, login: login) { throw ValidationError(fault.zh) }
        let login = login
        try await ServiceSetup<RegistryService>().withPool { runtime in
            guard let account = try await AccountStore.account(login: login, runtime.pool) else {
                throw ValidationError("没有登录名为 \(login) 的账号")
            }
            let person = account.appointment.personId
            let hash = try await PasswordHasher().hash(password)
            let now = runtime.clock.now()
            try await runtime.pool.transaction { transaction in
                try await AccountStore.savePassword(hash, of: person, at: now, mustChange: true, transaction)
                if resetSecondFactor { try await SecondFactorStore.remove(of: person, transaction) }
                try await transaction.record(
                    "brightkitchen.registry.account.password-set.v1", subject: person.rawValue,
                    data: ["by": "set-password"],
                    EventContext(actor: .system("set-password"), correlationId: UUIDv7.string()), occurredAt: now)
            }
        }
        print("已设置。")
    }

    private func firstLine() throws -> String {
        let data =
            passwordFile == "-"
            ? FileHandle.standardInput.readDataToEndOfFile()
            : try Data(contentsOf: URL(fileURLWithPath: passwordFile))
        guard let text = String(data: data, encoding: .utf8) else { throw ValidationError("密码文件不是 UTF-8 文本") }
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
