import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Removes originals whose retention is over and that nobody holds. There is no command of a person for it (art 9); the
/// record comes first: a crash in between leaves a file that the next run removes.
struct EvidenceRetention: Sendable {
    let desk: PatrolDesk

    /// Returns how many pieces were disposed of.
    func run() async throws -> Int {
        let today = LocalDate(desk.clock.now())
        let shortest = min(desk.rules.evidenceRetentionDays, desk.rules.looseEvidenceRetentionDays)
        let candidates = try await desk.pool.query(
            """
            SELECT evidence_id FROM evidence WHERE disposed_at IS NULL AND server_time < \(today.adding(days: -shortest).start)
            ORDER BY server_time, evidence_id
            """
        ) { try $0["evidence_id"] as EvidenceID }
        var disposed = 0
        for id in candidates where try await dispose(id, today: today) { disposed += 1 }
        for hash in try await removableHashes() { try await remove(hash) }
        return disposed
    }

    /// The file follows its record. One that the storage still locks (object lock) waits for the next night.
    private func remove(_ hash: String) async throws {
        do {
            try await desk.vault.remove(hash)
        } catch let refusal as Refusal where refusal.code == ObjectStorage.locked.code {
            return
        }
        let now = desk.clock.now()
        try await desk.pool.execute(
            """
            UPDATE evidence SET removed_at = \(now)
            WHERE hash = \(hash) AND disposed_at IS NOT NULL AND removed_at IS NULL
            """)
    }

    private func dispose(_ id: EvidenceID, today: LocalDate) async throws -> Bool {
        let now = desk.clock.now()
        return try await desk.pool.transaction { transaction in
            guard let evidence = try await transaction.lockEvidence(id) else { return false }
            let open =
                try await transaction.first(
                    """
                    SELECT count(*) AS n FROM problem_evidence e JOIN problem p USING (problem_id)
                    WHERE e.evidence_id = \(id) AND p.state <> 'closed'
                    """
                ) { try $0["n"] as Int } ?? 0
            let isDue = evidence.lifecycle.mayDispose(
                capturedOn: LocalDate(evidence.serverTime), today: today, openProblems: open, rules: desk.rules)
            guard isDue else { return false }
            let reason = "保存期限届满，无保全"
            let context = EventContext(actor: .system("patrol-ledger"), correlationId: UUIDv7.string())
            try await transaction.execute("UPDATE evidence SET disposed_at = \(now) WHERE evidence_id = \(id)")
            try await transaction.appendCustody(
                .disposed, id, actor: context.actor.rawValue, at: now, note: "\(reason) \(evidence.hash)")
            try await transaction.publish(
                EvidenceDisposed(
                    evidenceId: id, canteenId: evidence.canteenId, hashAlgorithm: EvidenceVault.algorithm,
                    hash: evidence.hash, reason: reason, disposedAt: now),
                context, occurredAt: now)
            return true
        }
    }

    /// Digests that only disposed evidence has, and whose file is still there: the same bytes may be kept for another
    /// piece.
    private func removableHashes() async throws -> [String] {
        try await desk.pool.query(
            """
            SELECT DISTINCT hash FROM evidence d WHERE disposed_at IS NOT NULL AND removed_at IS NULL
                AND NOT EXISTS (SELECT FROM evidence k WHERE k.hash = d.hash AND k.disposed_at IS NULL) ORDER BY hash
            """
        ) { try $0["hash"] as String }
    }
}
