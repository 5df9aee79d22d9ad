import ArgumentParser
import ServiceKit

/// `notification void-numbers`: after a restore to an earlier moment, numbers that others may hold are not given again.
struct VoidNumbersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "void-numbers", abstract: "Pass over the next bulletin numbers of every division.",
        discussion: "For a restore to an earlier moment: documents numbered after it may be in other hands.")

    @Option(help: "How many numbers of each division, 1 to 100000.")
    var count: Int
    @Option(help: "Why; stands in the journal for ever.")
    var reason: String

    func validate() throws {
        guard (1...100_000).contains(count) else { throw ValidationError("--count: 1 to 100000") }
        guard !reason.isEmpty, reason.count <= 200 else { throw ValidationError("--reason: 1 to 200 characters") }
    }

    func run() async throws {
        try PersonalDataScreen.check(field: "reason", text: reason)
        let count = count
        let reason = reason
        let series = try await ServiceSetup<NotificationService>().withPool { runtime in
            let now = runtime.clock.now()
            return try await runtime.pool.transaction { transaction in
                try await BulletinNumberVoid.perform(count, reason: reason, at: now, transaction)
            }
        }
        for one in series {
            CommandRun.print("\(one.prefix)-TB-\(one.year): \(one.first) to \(one.last) are void")
        }
    }
}
