import Calendar
import Concurrency
import Contracts
import Postgres
import Synchronization

/// All versions of the rule set, oldest first. Every obligation is judged by the version that was in force on its day,
/// so that a revision never rewrites history.
final class RuleBook: Sendable {
    private let versions: Mutex<[RuleSet]>
    private let loaded = Atomic(false)
    /// The rule set that is built in: the notice itself.
    let earliest: RuleSet

    init(builtIn: RuleSet) {
        earliest = builtIn
        versions = Mutex([builtIn])
    }

    func rules(on day: LocalDate) -> RuleSet {
        versions.withLock { $0.last { $0.effectiveFrom <= day } ?? earliest }
    }

    /// All versions in the order in which they take effect; the later ones may be ahead.
    var all: [RuleSet] { versions.withLock { $0 } }

    /// The approved versions were read at least once.
    var isLoaded: Bool { loaded.load(ordering: .acquiring) }

    /// Reads the approved versions again: each process asks before it judges, and once a minute.
    func refresh(_ executor: some PostgresExecutor) async throws {
        let approved = try await executor.query("SELECT content FROM rule_version ORDER BY effective_from, version") {
            try EventJSON.decode(RuleSet.self, from: try $0["content"] as [UInt8])
        }
        versions.withLock { $0 = [earliest] + approved }
        loaded.store(true, ordering: .releasing)
    }
}
