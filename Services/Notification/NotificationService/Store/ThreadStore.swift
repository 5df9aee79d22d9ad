import Calendar
import Contracts
import Postgres

/// Threads and their entries.
enum ThreadStore {
    /// One consumed event about a problem.
    struct Arrival: Sendable {
        let problemId: ProblemID
        let canteenId: CanteenID
        let schoolId: SchoolID
        let kind: NoticeKind
        let eventId: String
        let occurredAt: Instant
    }

    /// Appends the event to the thread of its problem, which is created by whichever event comes first, and brings the
    /// thread's state up to date. nil when the event was in the thread already.
    static func append(
        _ arrival: Arrival, facts: some Encodable & Sendable, _ transaction: PostgresTransaction
    ) async throws -> ProblemThread? {
        try await transaction.execute(
            """
            INSERT INTO thread (thread_id, problem_id, canteen_id, school_id, state, created_at)
            VALUES (\(UUIDv7.string()), \(arrival.problemId), \(arrival.canteenId), \(arrival.schoolId),
                    \(ThreadState.incomplete), \(arrival.occurredAt))
            ON CONFLICT (problem_id) DO NOTHING
            """)
        let locked = try await transaction.first(
            "SELECT thread_id FROM thread WHERE problem_id = \(arrival.problemId) FOR UPDATE"
        ) { row -> String in try row["thread_id"] }
        guard let threadId = locked else { return nil }
        let inserted = try await transaction.execute(
            """
            INSERT INTO thread_entry (event_id, thread_id, kind, occurred_at, facts)
            VALUES (\(arrival.eventId), \(threadId), \(arrival.kind), \(arrival.occurredAt), \(json: facts))
            ON CONFLICT (event_id) DO NOTHING
            """)
        guard inserted == 1 else { return nil }
        let state = ThreadState.after(try await entries(of: threadId, transaction))
        try await transaction.execute("UPDATE thread SET state = \(state) WHERE thread_id = \(threadId)")
        return try await thread(threadId, transaction)
    }

    /// Writes the facts of the finding into its thread.
    static func complete(_ problem: ProblemFound, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE thread SET
                enforcement_organ_id = \(problem.enforcementOrganId), finding_organ_id = \(problem.organId),
                origin = \(problem.origin), zone = \(problem.zone), item_code = \(problem.itemCode),
                item_text = \(problem.itemText), severity = \(problem.severity), found_at = \(problem.foundAt),
                acknowledge_by = \(problem.acknowledgeBy), rectify_by = \(problem.rectifyBy)
            WHERE problem_id = \(problem.problemId)
            """)
    }

    /// Writes the class and the deadlines of the latest change over those of the finding, in whatever order they came.
    static func applyLatestSeverity(_ problem: ProblemID, _ transaction: PostgresTransaction) async throws {
        let latest = try await transaction.first(
            """
            SELECT e.facts FROM thread t JOIN thread_entry e ON e.thread_id = t.thread_id
            WHERE t.problem_id = \(problem) AND e.kind = \(NoticeKind.severityChanged)
            ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT 1
            """
        ) { row in try row.json("facts", as: ProblemSeverityChanged.self) }
        guard let latest else { return }
        try await transaction.execute(
            """
            UPDATE thread SET severity = \(latest.severity), acknowledge_by = \(latest.acknowledgeBy),
                rectify_by = \(latest.rectifyBy)
            WHERE problem_id = \(problem)
            """)
    }

    static func thread(_ id: String, _ executor: some PostgresExecutor) async throws -> ProblemThread? {
        try await thread(where: "thread_id = \(id)", executor)
    }

    static func thread(problem: ProblemID, _ executor: some PostgresExecutor) async throws -> ProblemThread? {
        try await thread(where: "problem_id = \(problem)", executor)
    }

    private static func thread(where condition: SQL, _ executor: some PostgresExecutor) async throws -> ProblemThread? {
        try await executor.first("SELECT * FROM thread WHERE \(condition)") { row in
            ProblemThread(
                id: try row["thread_id"], problemId: try row["problem_id"], canteenId: try row["canteen_id"],
                schoolId: try row["school_id"], state: try row["state"],
                enforcementOrganId: try row["enforcement_organ_id"], findingOrganId: try row["finding_organ_id"],
                zone: try row["zone"], itemCode: try row["item_code"], itemText: try row["item_text"],
                severity: try row["severity"], foundAt: try row["found_at"],
                acknowledgeBy: try row["acknowledge_by"], rectifyBy: try row["rectify_by"])
        }
    }

    private static func entries(
        of threadId: String, _ transaction: PostgresTransaction
    ) async throws -> [ThreadState.Entry] {
        try await transaction.query("SELECT kind, occurred_at FROM thread_entry WHERE thread_id = \(threadId)") { row in
            ThreadState.Entry(kind: try row["kind"], occurredAt: try row["occurred_at"])
        }
    }

    /// Entries as shown: oldest first.
    static func timeline(of threadId: String, _ executor: some PostgresExecutor) async throws -> [TimelineEntry] {
        try await executor.query(
            """
            SELECT event_id, kind, occurred_at, facts FROM thread_entry
            WHERE thread_id = \(threadId) ORDER BY occurred_at, event_id
            """
        ) { row in
            TimelineEntry(
                eventId: try row["event_id"], kind: try row["kind"], occurredAt: try row["occurred_at"],
                facts: try row.json("facts", as: TimelineEntry.Facts.self))
        }
    }
}
