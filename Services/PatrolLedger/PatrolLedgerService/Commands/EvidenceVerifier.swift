import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import Postgres

/// Hashes every evidence file and every ledger entry again and compares with what the journal sealed.
struct EvidenceVerifier: Sendable {
    /// What does not hold, in words that name the thing.
    struct Failure: Hashable, Sendable, CustomStringConvertible {
        var what: String
        var id: String
        var description: String
    }

    struct Report: Sendable {
        var files = 0
        /// Files in the storage that belong to no record: left by a crash between storing and recording.
        var unrecorded = 0
        var entries = 0
        var failures: [Failure] = []
    }

    let pool: PostgresPool
    let vault: EvidenceVault
    let clock: any WallClock

    func verify() async throws -> Report {
        var report = Report()
        try await checkEvidence(&report)
        try await checkLedger(&report)
        report.unrecorded = try await unrecordedFiles()
        return report
    }

    /// Counted and told, never deleted: nothing leaves the storage without a record.
    private func unrecordedFiles() async throws -> Int {
        var count = 0
        var last: String?
        while true {
            let hashes = try await vault.storage.list(after: last)
            guard let end = hashes.last else { return count }
            let known = try await pool.query(
                """
                SELECT count(*) AS n FROM unnest(\(hashes)::text[]) h WHERE EXISTS (SELECT FROM evidence e WHERE e.hash = h)
                    OR EXISTS (SELECT FROM evidence e WHERE e.thumbnail_hash = h)
                """
            ) { try $0["n"] as Int }
            count += hashes.count - (known.first ?? 0)
            last = end
        }
    }

    private func checkEvidence(_ report: inout Report) async throws {
        let sealed = try await sealedHashes("hash", [EvidenceSealed.type, "brightkitchen.patrol.evidence.captured.v1"])
        var last = ""
        while true {
            let page = try await pool.query(
                "SELECT \(EvidenceRecord.columns) FROM evidence WHERE evidence_id > \(last) ORDER BY evidence_id LIMIT 500",
                EvidenceRecord.init)
            for evidence in page {
                report.files += 1
                let fault = try await fault(evidence, sealed: sealed[evidence.evidenceId.rawValue])
                if let fault {
                    report.failures.append(
                        Failure(what: "evidence", id: evidence.evidenceId.rawValue, description: fault))
                }
                guard (fault == nil) != (evidence.integrity == "ok") else { continue }
                try await mark(evidence, fault: fault)
            }
            guard let end = page.last else { return }
            last = end.evidenceId.rawValue
        }
    }

    /// Writes down that a piece of evidence failed (scenario 10), or matches again after it was restored from a copy:
    /// the row, its custody record, the problems that rest on it, and the event for everybody who has to know.
    private func mark(_ evidence: EvidenceRecord, fault: String?) async throws {
        let now = clock.now()
        let id = evidence.evidenceId
        let context = EventContext(actor: .system("patrol-ledger"), correlationId: UUIDv7.string())
        let integrity = try await vault.check(evidence.hash)
        let found: String? =
            switch integrity {
            case .missing: nil
            case .intact: evidence.hash
            case .altered(let actual): actual
            }
        try await pool.transaction { transaction in
            try await transaction.execute(
                "UPDATE evidence SET integrity = \(fault == nil ? "ok" : "failed") WHERE evidence_id = \(id)")
            try await transaction.appendCustody(
                fault == nil ? .integrityRestored : .integrityFailed, id, actor: context.actor.rawValue, at: now,
                note: fault)
            guard fault != nil else { return }
            let problems = try await transaction.query(
                "SELECT problem_id FROM problem_evidence WHERE evidence_id = \(id) ORDER BY problem_id"
            ) { try $0["problem_id"] as ProblemID }
            for problem in problems {
                guard try await transaction.lockProblem(problem) != nil else { continue }
                try await transaction.appendStep(
                    .integrityFailed, to: problem, actor: context.actor.rawValue, at: now, note: id.rawValue)
            }
            let event = EvidenceIntegrityFailed(
                evidenceId: id, canteenId: evidence.canteenId, problemIds: problems, expectedHash: evidence.hash,
                foundHash: found, detectedAt: now)
            if let patrol = evidence.patrolId, let state = try await transaction.patrol(patrol)?.state, state.isOpen {
                // The patrol is still hidden: in the journal at once, on the topic never before its end.
                try await transaction.record(
                    "brightkitchen.patrol.evidence.integrity-suspected.v1", subject: id.rawValue, data: event,
                    context, occurredAt: now)
            } else {
                try await transaction.publish(event, context, occurredAt: now)
            }
        }
    }

    private func fault(_ evidence: EvidenceRecord, sealed: String?) async throws -> String? {
        let id = evidence.evidenceId
        // What was disposed of by its record is not there, and need not be.
        if evidence.disposedAt != nil { return nil }
        let integrity = try await vault.check(evidence.hash)
        switch integrity {
        case .missing: return "evidence \(id): file \(evidence.hash) is missing"
        case .altered(let actual): return "evidence \(id): file has hash \(actual), sealed was \(evidence.hash)"
        case .intact: break
        }
        guard let sealed else { return "evidence \(id): the journal has no seal for it" }
        return sealed == evidence.hash
            ? nil : "evidence \(id): the row says \(evidence.hash), the journal sealed \(sealed)"
    }

    private func checkLedger(_ report: inout Report) async throws {
        let sealed = try await sealedHashes("content_hash", [LedgerAppended.type], subjectField: "ledger_number")
        var last = ""
        while true {
            let page = try await pool.query(
                """
                SELECT ledger_number, organ_id, patrol_id, content, content_hash, appended_at, corrects_number
                FROM ledger_entry WHERE ledger_number > \(last) ORDER BY ledger_number LIMIT 200
                """, LedgerRecord.init)
            for entry in page {
                report.entries += 1
                let actual = EvidenceVault.hexDigest(entry.content)
                guard actual != entry.contentHash || sealed[entry.number] != actual else { continue }
                report.failures.append(
                    Failure(
                        what: "ledger_entry", id: entry.number,
                        description:
                            "ledger entry \(entry.number): content has hash \(actual), "
                            + "the row says \(entry.contentHash), the journal sealed \(sealed[entry.number] ?? "nothing")"
                    ))
            }
            guard let end = page.last else { break }
            last = end.number
        }
        for missing in try await missingEntries(sealed) {
            report.failures.append(
                Failure(what: "ledger_entry", id: missing, description: "ledger entry \(missing): the row is missing"))
        }
    }

    private func missingEntries(_ sealed: [String: String]) async throws -> [String] {
        let present = Set(
            try await pool.query("SELECT ledger_number FROM ledger_entry") { try $0["ledger_number"] as String })
        return sealed.keys.filter { !present.contains($0) }.sorted()
    }

    /// Subject (or a field of the data) → hash, from the journal's own bytes.
    private func sealedHashes(
        _ field: String, _ types: [String], subjectField: String? = nil
    ) async throws -> [String: String] {
        let rows = try await pool.query(
            SQL("SELECT subject, data FROM journal WHERE type = ANY(\(types)) ORDER BY position")
        ) { (try $0["subject"] as String, try $0["data"] as [UInt8]) }
        var hashes: [String: String] = [:]
        for (subject, data) in rows {
            // Bytes that are no JSON any more were altered: the journal's own check names that entry.
            guard let fields = Self.fields(data) else { continue }
            let about = fields[subjectField ?? "evidence_id"] ?? subject
            if hashes[about] == nil { hashes[about] = fields[field] }
        }
        return hashes
    }

    /// The text fields of a journal entry; nil for bytes that are not a JSON object.
    private static func fields(_ data: [UInt8]) -> [String: String]? {
        do {
            let object = try JSONSerialization.jsonObject(with: Data(data)) as? [String: Any]
            return object?.compactMapValues { $0 as? String }
        } catch {
            return nil
        }
    }
}
