import Calendar
import Contracts
import Postgres

/// One line of the custody record (证据保管记录).
struct CustodyRecord: Codable, Hashable, Sendable {
    enum Step: String, Codable, Hashable, Sendable {
        case sealed, viewed, reviewed, attached, held, released, exported, disposed
        case integrityFailed = "integrity_failed"
        case integrityRestored = "integrity_restored"
    }

    var step: Step
    /// `person:<id>` or `system:<name>`.
    var actor: String
    var at: Instant
    var note: String?

    @Sendable init(_ row: Row) throws {
        step = try row["step"]
        actor = try row["actor"]
        at = try row["at"]
        note = try row["note"]
    }
}

extension PostgresExecutor {
    func custody(of evidence: EvidenceID) async throws -> [CustodyRecord] {
        try await query(
            "SELECT step, actor, at, note FROM evidence_custody WHERE evidence_id = \(evidence) ORDER BY number",
            CustodyRecord.init)
    }
}

extension PostgresTransaction {
    func appendCustody(
        _ step: CustodyRecord.Step, _ evidence: EvidenceID, actor: String, at now: Instant, note: String? = nil
    ) async throws {
        try await execute(
            """
            INSERT INTO evidence_custody (evidence_id, step, actor, at, note)
            VALUES (\(evidence), \(step), \(actor), \(now), \(note))
            """)
    }
}
