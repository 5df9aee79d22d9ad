import Calendar
import Contracts
import Postgres

/// Versions of the routing table.
enum BulletinRuleStore {
    /// A version as it is in force, or was.
    struct Version: Encodable, Sendable {
        let version: Int
        let content: BulletinRuleSet
        let inForceAt: Instant?
        let reason: String?
    }

    static let first = Version(version: 1, content: .standard, inForceAt: nil, reason: nil)

    static func current(_ executor: some PostgresExecutor) async throws -> Version {
        let stored = try await executor.first(
            "SELECT * FROM bulletin_rule_set ORDER BY version DESC LIMIT 1", version(from:))
        return stored ?? first
    }

    /// Newest first, the one of the program last.
    static func all(_ executor: some PostgresExecutor) async throws -> [Version] {
        try await executor.query("SELECT * FROM bulletin_rule_set ORDER BY version DESC", version(from:)) + [first]
    }

    /// The next version; two at once wait for each other.
    static func add(
        _ content: BulletinRuleSet, reason: String, proposedBy: PersonID, decidedBy: PersonID, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute("LOCK TABLE bulletin_rule_set IN SHARE ROW EXCLUSIVE MODE")
        try await transaction.execute(
            """
            INSERT INTO bulletin_rule_set (version, content, in_force_at, reason, proposed_by, decided_by)
            SELECT coalesce(max(version), 1) + 1, \(json: content), \(now), \(reason), \(proposedBy), \(decidedBy)
            FROM bulletin_rule_set
            """)
    }

    @Sendable private static func version(from row: Row) throws -> Version {
        Version(
            version: try row["version"], content: try row.json("content", as: BulletinRuleSet.self),
            inForceAt: try row["in_force_at"], reason: try row["reason"])
    }
}
