import Contracts
import Journal
import Postgres

extension PostgresExecutor {
    /// The journal entry that sealed a piece of evidence.
    func sealEntry(of evidence: EvidenceRecord) async throws -> EventID? {
        let known = try await first(
            "SELECT seal_event_id FROM evidence WHERE evidence_id = \(evidence.evidenceId)"
        ) { try $0["seal_event_id"] as String? }
        if let known, let known { return EventID(rawValue: known) }
        // Evidence from before the column: its entry is found by what it says.
        return try await first(
            """
            SELECT id::text AS id FROM journal
            WHERE type IN ('brightkitchen.patrol.evidence.captured.v1', \(EvidenceSealed.type))
                AND subject IN (\(evidence.evidenceId.rawValue), \(evidence.canteenId.rawValue))
                AND convert_from(data, 'UTF8')::jsonb ->> 'evidence_id' = \(evidence.evidenceId.rawValue)
            ORDER BY position LIMIT 1
            """
        ) { EventID(rawValue: try $0["id"]) }
    }

    /// The journal entry of a ledger entry.
    func sealEntry(ofLedger number: String) async throws -> EventID? {
        let known = try await first("SELECT event_id FROM ledger_seal WHERE ledger_number = \(number)") {
            EventID(rawValue: try $0["event_id"])
        }
        if let known { return known }
        return try await first(
            """
            SELECT j.id::text AS id FROM journal j JOIN ledger_entry e ON e.ledger_number = \(number)
            WHERE j.type = \(LedgerAppended.type) AND j.subject = e.organ_id
                AND convert_from(j.data, 'UTF8')::jsonb ->> 'ledger_number' = \(number)
            ORDER BY j.position LIMIT 1
            """
        ) { EventID(rawValue: try $0["id"]) }
    }

    /// Ledger entries in which a problem appears.
    func ledgerEntries(ofPatrol patrol: PatrolID) async throws -> [LedgerRecord] {
        try await query(
            """
            SELECT ledger_number, organ_id, patrol_id, content, content_hash, appended_at, corrects_number
            FROM ledger_entry WHERE patrol_id = \(patrol) ORDER BY ledger_number
            """, LedgerRecord.init)
    }
}
