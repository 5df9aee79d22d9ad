import Calendar
import Contracts
import Postgres

/// An entry of the ledger (台账).
struct LedgerRecord: Hashable, Sendable {
    var number: String
    var organId: OrganID
    var patrolId: PatrolID
    /// The exact bytes that were hashed.
    var content: [UInt8]
    var contentHash: String
    var appendedAt: Instant
    var correctsNumber: String?

    @Sendable init(_ row: Row) throws {
        number = try row["ledger_number"]
        organId = try row["organ_id"]
        patrolId = try row["patrol_id"]
        content = try row["content"]
        contentHash = try row["content_hash"]
        appendedAt = try row["appended_at"]
        correctsNumber = try row["corrects_number"]
    }
}

extension PostgresExecutor {
    func ledgerEntry(_ number: String) async throws -> LedgerRecord? {
        try await first(
            """
            SELECT ledger_number, organ_id, patrol_id, content, content_hash, appended_at, corrects_number
            FROM ledger_entry WHERE ledger_number = \(number)
            """, LedgerRecord.init)
    }

    func ledger(of organs: [OrganID], limit: Int, offset: Int) async throws -> [LedgerRecord] {
        try await query(
            """
            SELECT ledger_number, organ_id, patrol_id, content, content_hash, appended_at, corrects_number
            FROM ledger_entry WHERE organ_id = ANY(\(organs))
            ORDER BY appended_at DESC, ledger_number DESC LIMIT \(limit) OFFSET \(offset)
            """, LedgerRecord.init)
    }

    func ledgerCount(of organs: [OrganID]) async throws -> Int {
        try await first("SELECT count(*) AS n FROM ledger_entry WHERE organ_id = ANY(\(organs))") { try $0["n"] as Int }
            ?? 0
    }
}

extension PostgresTransaction {
    /// Takes the next number of the organ's year. The counter row stays locked until commit: numbers have no gaps, because
    /// a transaction that does not commit gives its number back. Call it as the last thing before the insert.
    func takeLedgerNumber(organ: OrganRecord, year: Int) async throws -> LedgerNumber {
        try await execute(
            """
            INSERT INTO ledger_counter (organ_id, year, last_number) VALUES (\(organ.organId), \(year), 0)
            ON CONFLICT (organ_id, year) DO NOTHING
            """)
        let number = try await first(
            """
            UPDATE ledger_counter SET last_number = last_number + 1 WHERE organ_id = \(organ.organId) AND year = \(year)
            RETURNING last_number
            """
        ) { try $0["last_number"] as Int }
        guard let number else {
            throw Refusal.unavailable("ledger_counter", zh: "台账编号不可用", en: "The ledger counter is not available")
        }
        return LedgerNumber(organMark: organ.ledgerMark, year: year, sequence: number)
    }

    func appendLedgerEntry(
        _ number: LedgerNumber, organ: OrganID, patrol: PatrolID, content: [UInt8], hash: String, at now: Instant
    ) async throws {
        try await execute(
            """
            INSERT INTO ledger_entry (ledger_number, organ_id, year, number, patrol_id, content, hash_algorithm, content_hash,
                appended_at)
            VALUES (\(number.description), \(organ), \(number.year), \(number.sequence), \(patrol), \(content),
                \(EvidenceVault.algorithm), \(hash), \(now))
            """)
    }
}
