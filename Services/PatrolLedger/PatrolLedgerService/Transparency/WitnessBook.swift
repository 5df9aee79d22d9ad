import Calendar
import Contracts
import Foundation
import Journal
import Postgres

/// What witnesses have vouched for (`witness_cosignature`), and the keys that this service knows.
struct WitnessBook: Sendable {
    /// One witness with the newest checkpoint it cosigned.
    struct Entry: Codable, Hashable, Sendable {
        var witness: String
        /// nil until it cosigned something.
        var size: UInt64?
        var root: String?
        /// Time that the witness signed.
        var at: Instant?
    }

    let keys: [WitnessKey]

    func entries(_ executor: some PostgresExecutor) async throws -> [Entry] {
        let known = try await executor.query(
            """
            SELECT DISTINCT ON (witness) witness, size, root, signed_at FROM witness_cosignature
            ORDER BY witness, size DESC
            """
        ) { row in
            let size: Int64 = try row["size"]
            return Entry(
                witness: try row["witness"], size: UInt64(size), root: try row["root"], at: try row["signed_at"])
        }
        return keys.map { key in known.first { $0.witness == key.name } ?? Entry(witness: key.name) }
    }

    /// Signature lines of witnesses on the checkpoint of that size, to be put under the note.
    func lines(size: UInt64, _ executor: some PostgresExecutor) async throws -> [String] {
        try await executor.query(
            "SELECT line FROM witness_cosignature WHERE size = \(Int64(size)) ORDER BY witness"
        ) { try $0["line"] }
    }
}

extension PatrolDesk {
    /// The note as it was signed, with the lines of those who witnessed it.
    func cosigned(_ note: String, size: UInt64, _ book: WitnessBook) async throws -> String {
        let lines = try await book.lines(size: size, pool)
        return note + lines.joined()
    }

    /// Takes a cosigned checkpoint of this very log from a known witness. The signature is the authorisation.
    func acceptCosignature(_ text: String, _ book: WitnessBook, context: EventContext) async throws -> WitnessBook.Entry
    {
        guard let note = SignedNote(parsing: text), let checkpoint = Checkpoint(text: note.text) else {
            throw Refusal.input("not_a_checkpoint", field: "note", zh: "不是签名检查点", en: "This is no signed checkpoint")
        }
        let size = Int64(clamping: checkpoint.size)
        let own = try await pool.first("SELECT note FROM journal_checkpoint WHERE size = \(size)") {
            try $0["note"] as String
        }
        guard let own, SignedNote(parsing: own)?.text == note.text else {
            throw Refusal.conflict(
                "unknown_checkpoint", zh: "本日志没有签过这个检查点", en: "This log never signed that checkpoint")
        }
        let found = book.keys.lazy.compactMap { key in key.cosignature(on: note).map { (key, $0) } }.first
        guard let (key, cosignature) = found else {
            throw Refusal.forbidden(
                "unknown_witness", zh: "没有已登记见证方的有效签名", en: "There is no valid signature of a known witness")
        }
        guard let line = note.signatures.first(where: { $0.name == key.name && $0.signature == cosignature.bytes })
        else { throw Refusal.forbidden("unknown_witness", zh: "没有有效签名", en: "There is no valid signature") }
        let signed = SignedNote(text: "", signatures: [line]).serialized.dropFirst(1)
        let at = Instant(microseconds: Int64(clamping: cosignature.time) &* 1_000_000)
        let entry = WitnessBook.Entry(witness: key.name, size: checkpoint.size, root: checkpoint.root.hex, at: at)
        let now = clock.now()
        try await inTransaction { transaction in
            let isNew = try await transaction.execute(
                """
                INSERT INTO witness_cosignature (witness, size, root, signed_at, line, received_at)
                VALUES (\(key.name), \(size), \(checkpoint.root.hex), \(at), \(String(signed)), \(now))
                ON CONFLICT (witness, size) DO NOTHING
                """)
            guard isNew == 1 else { return }
            // The journal itself says who vouched for which earlier state of it.
            try await transaction.record(
                "brightkitchen.patrol.checkpoint.cosigned.v1", subject: key.name, data: entry, context,
                occurredAt: now)
        }
        return entry
    }
}
