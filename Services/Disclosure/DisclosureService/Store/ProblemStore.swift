import Calendar
import Contracts
import Postgres

/// The projection of the patrol ledger's problems. Events of one canteen come in order.
enum ProblemStore {
    static func save(_ event: ProblemFound, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO problem (problem_id, canteen_id, origin, zone, item_code, item_text, severity, description,
                found_at, rectify_by)
            VALUES (\(event.problemId), \(event.canteenId), \(event.origin), \(event.zone), \(event.itemCode),
                \(event.itemText), \(event.severity), \(event.description), \(event.foundAt), \(event.rectifyBy))
            ON CONFLICT (problem_id) DO NOTHING
            """)
        try await CanteenStore.refresh(event.canteenId, transaction)
    }

    /// The school's account of what it did; replaces an earlier one that was returned.
    static func submit(_ event: RectificationSubmitted, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE problem SET stage = 'submitted', cause = \(event.cause), measure = \(event.measure),
                prevention = \(event.prevention), submitted_at = \(event.submittedAt)
            WHERE problem_id = \(event.problemId) AND stage <> 'closed'
            """)
        try await CanteenStore.refresh(event.canteenId, transaction)
    }

    static func move(
        _ problem: ProblemID, of canteen: CanteenID, to stage: ProblemStage, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "UPDATE problem SET stage = \(stage) WHERE problem_id = \(problem) AND stage <> 'closed'")
        try await CanteenStore.refresh(canteen, transaction)
    }

    static func close(_ event: ProblemClosed, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE problem SET stage = 'closed', outcome = \(event.outcome), closed_at = \(event.closedAt),
                measure = coalesce(\(event.measure), measure)
            WHERE problem_id = \(event.problemId)
            """)
        try await CanteenStore.refresh(event.canteenId, transaction)
    }
}
