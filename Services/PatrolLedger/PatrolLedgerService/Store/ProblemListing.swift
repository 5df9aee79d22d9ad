import Calendar
import Contracts
import Postgres

/// A line of the problem list.
struct ProblemListing: Sendable {
    var problem: ProblemRecord
    var canteenName: String
    var schoolName: String
}

/// What part of the list is wanted.
enum ProblemSelection: String, CaseIterable, Sendable {
    case open
    case waiting
    case overdue
    case closed
    case all

    fileprivate func condition(now: Instant) -> SQL {
        switch self {
        case .open: "p.state <> 'closed'"
        case .waiting: "p.state = 'submitted'"
        case .overdue:
            """
            p.state IN ('notified', 'acknowledged', 'rectifying', 'returned') AND p.rectify_by < \(now)
                AND NOT p.deadline_provisional
            """
        case .closed: "p.state = 'closed'"
        case .all: "true"
        }
    }
}

extension PostgresExecutor {
    func problems(
        visible: SQL, _ selection: ProblemSelection, now: Instant, limit: Int, offset: Int
    ) async throws -> [ProblemListing] {
        try await query(
            """
            SELECT \(ProblemRecord.columns), c.name AS canteen_name, c.school_name
            FROM problem p JOIN canteen c USING (canteen_id)
            WHERE \(visible) AND \(selection.condition(now: now))
            ORDER BY p.found_at DESC, p.problem_id DESC LIMIT \(limit) OFFSET \(offset)
            """
        ) { row in
            ProblemListing(
                problem: try ProblemRecord(row), canteenName: try row["canteen_name"],
                schoolName: try row["school_name"])
        }
    }

    func problemCount(visible: SQL, _ selection: ProblemSelection, now: Instant) async throws -> Int {
        try await first(
            """
            SELECT count(*) AS n FROM problem p JOIN canteen c USING (canteen_id)
            WHERE \(visible) AND \(selection.condition(now: now))
            """
        ) { try $0["n"] as Int } ?? 0
    }
}
