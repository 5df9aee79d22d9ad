import Calendar
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// Statements about feedback.
enum FeedbackStore {
    static let wordsTable = "feedback_words"

    static func page(
        _ condition: SQL, _ page: PageRequest, _ database: some PostgresExecutor
    ) async throws -> PageOf<FeedbackRecord> {
        let total = try await database.first(
            "SELECT count(*) AS n FROM feedback f JOIN canteen c USING (canteen_id) WHERE \(condition)"
        ) { row -> Int in try row["n"] }
        let items = try await database.query(
            FeedbackRecord.select + " WHERE \(condition) ORDER BY f.updated_at DESC, f.feedback_id"
                + " LIMIT \(page.size) OFFSET \(page.offset)", FeedbackRecord.init(row:))
        return PageOf(items, of: page, total: total ?? 0)
    }

    static func find(
        _ id: FeedbackID, locked: Bool = false, _ database: some PostgresExecutor
    ) async throws -> FeedbackRecord? {
        let lock: SQL = locked ? " FOR UPDATE OF f" : .empty
        return try await database.first(
            FeedbackRecord.select + " WHERE f.feedback_id = \(id)" + lock, FeedbackRecord.init(row:))
    }

    static func words(_ id: FeedbackID, _ database: some PostgresExecutor) async throws -> SealedText? {
        try await database.first("SELECT words FROM feedback_words WHERE feedback_id = \(id)") { row in
            try row["words"]
        }
    }

    static func place(_ id: FeedbackID) -> SealedPlace { SealedPlace(wordsTable, "words", row: id.rawValue) }

    static func steps(_ id: FeedbackID, _ database: some PostgresExecutor) async throws -> [FeedbackStep] {
        try await database.query(
            "SELECT step, at, by_kind, note FROM feedback_step WHERE feedback_id = \(id) ORDER BY number"
        ) { row in
            FeedbackStep(step: try row["step"], at: try row["at"], byKind: try row["by_kind"], note: try row["note"])
        }
    }

    static func photo(_ id: FeedbackID, _ number: Int, _ database: some PostgresExecutor) async throws -> String? {
        try await database.first(
            "SELECT sha256 FROM feedback_photo WHERE feedback_id = \(id) AND number = \(number)"
        ) { row in try row["sha256"] }
    }

    static func step(
        _ id: FeedbackID, _ step: String, by kind: String, note: String? = nil, at now: Instant,
        _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO feedback_step (feedback_id, number, step, at, by_kind, note)
            SELECT \(id), coalesce(max(number), 0) + 1, \(step), \(now), \(kind), \(note)
            FROM feedback_step WHERE feedback_id = \(id)
            """)
    }

    static func setState(
        _ id: FeedbackID, _ state: FeedbackState, also set: SQL = .empty, at now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            "UPDATE feedback SET state = \(state), updated_at = \(now)" + set + " WHERE feedback_id = \(id)")
    }

    /// How many a reporter has sent since then.
    static func count(
        by id: RepresentativeID, since: Instant, _ database: some PostgresExecutor
    ) async throws -> Int {
        try await database.first(
            "SELECT count(*) AS n FROM feedback WHERE representative_id = \(id) AND received_at > \(since)"
        ) { row -> Int in try row["n"] } ?? 0
    }

    /// The reporter's words and photographs go with the account; what was passed on, and what came of it, stays without
    /// a reporter. Answers the digests of photographs that nothing else names.
    static func erase(of id: RepresentativeID, _ tx: PostgresTransaction) async throws -> [String] {
        try await tx.execute(
            """
            DELETE FROM feedback_words WHERE feedback_id IN
                (SELECT feedback_id FROM feedback WHERE representative_id = \(id))
            """)
        let digests = try await tx.query(
            """
            DELETE FROM feedback_photo WHERE feedback_id IN
                (SELECT feedback_id FROM feedback WHERE representative_id = \(id)) RETURNING sha256
            """
        ) { row -> String in try row["sha256"] }
        try await tx.execute("UPDATE feedback SET representative_id = NULL WHERE representative_id = \(id)")
        let kept = try await tx.query("SELECT sha256 FROM feedback_photo WHERE sha256 = ANY(\(digests))") {
            row -> String in try row["sha256"]
        }
        return Array(Set(digests).subtracting(kept))
    }
}
