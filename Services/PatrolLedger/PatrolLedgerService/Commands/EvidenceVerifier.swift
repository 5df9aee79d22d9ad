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
        var entries = 0
        var failures: [Failure] = []
    }

    let pool: PostgresPool
    let vault: EvidenceVault

    func verify() async throws -> Report {
        var report = Report()
        try await checkEvidence(&report)
        try await checkLedger(&report)
        return report
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
                let fault = try fault(evidence, sealed: sealed[evidence.evidenceId.rawValue])
                if let fault {
                    report.failures.append(
                        Failure(what: "evidence", id: evidence.evidenceId.rawValue, description: fault))
                }
                let integrity = fault == nil ? "ok" : "failed"
                guard integrity != evidence.integrity else { continue }
                try await pool.execute(
                    "UPDATE evidence SET integrity = \(integrity) WHERE evidence_id = \(evidence.evidenceId)")
            }
            guard let end = page.last else { return }
            last = end.evidenceId.rawValue
        }
    }

    private func fault(_ evidence: EvidenceRecord, sealed: String?) throws -> String? {
        let id = evidence.evidenceId
        switch try vault.check(evidence.hash) {
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
