import ArgumentParser
import ServiceKit

/// `patrol-ledger void-numbers`: after a restore to an earlier moment, numbers that others may hold are not given again.
struct VoidNumbersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "void-numbers", abstract: "Pass over the next ledger numbers of every organ.",
        discussion: "For a restore to an earlier moment: entries numbered after it may be in other hands.")

    @Option(help: "How many numbers of each organ, 1 to 100000.")
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
        let series = try await ServiceSetup<PatrolLedgerService>().withPool { runtime in
            let now = runtime.clock.now()
            return try await runtime.pool.transaction { transaction in
                try await LedgerNumberVoid.perform(count, reason: reason, at: now, transaction)
            }
        }
        for one in series { CommandRun.print("\(one.organMark)-\(one.year): \(one.first) to \(one.last) are void") }
    }
}
