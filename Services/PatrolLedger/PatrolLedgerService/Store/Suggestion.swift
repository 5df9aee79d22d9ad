import Calendar
import Contracts
import Postgres

/// A canteen of an organ's area with the facts that order the suggestions.
struct Suggestion: Hashable, Sendable {
    var canteenId: CanteenID
    var name: String
    var schoolName: String
    var township: String?
    var camerasDelivering: Int
    var score: RiskScore
}

extension PostgresExecutor {
    /// Operating canteens of the area (no caterers), highest score first; ties by name, so that the order is stable.
    func suggestions(for organ: OrganRecord, today: LocalDate, now: Instant) async throws -> [Suggestion] {
        let rows = try await query(
            """
            SELECT c.canteen_id, c.name, c.school_name, c.township, c.licence_valid_to,
                c.access_overdue_since IS NOT NULL AS access_overdue, visits.last_visit,
                coalesce(problems.open, 0) AS open, coalesce(problems.overdue, 0) AS overdue,
                coalesce(cameras.total, 0) AS cameras, coalesce(cameras.dark, 0) AS dark
            FROM canteen c
            LEFT JOIN LATERAL (SELECT max(counted_on) AS last_visit FROM visit v WHERE v.canteen_id = c.canteen_id AND v.counts)
                visits ON true
            LEFT JOIN LATERAL (SELECT count(*) AS open,
                    count(*) FILTER (WHERE p.rectify_by < \(now) AND NOT p.deadline_provisional
                        AND p.state NOT IN ('submitted', 'accepted')) AS overdue
                FROM problem p WHERE p.canteen_id = c.canteen_id AND p.state <> 'closed') problems ON true
            LEFT JOIN LATERAL (SELECT count(*) AS total, count(*) FILTER (WHERE status = 'offline') AS dark
                FROM camera m WHERE m.canteen_id = c.canteen_id AND m.status <> 'pending') cameras ON true
            WHERE \(organ.area) AND c.operating AND NOT c.is_caterer
            """
        ) { row in
            let cameras: Int = try row["cameras"]
            let dark: Int = try row["dark"]
            let facts = RiskScore.Facts(
                lastVisit: try row["last_visit"], openProblems: try row["open"], overdueProblems: try row["overdue"],
                cameras: cameras, camerasWithoutSignal: dark, licenceValidTo: try row["licence_valid_to"],
                isAccessOverdue: try row["access_overdue"])
            return Suggestion(
                canteenId: try row["canteen_id"], name: try row["name"], schoolName: try row["school_name"],
                township: try row["township"], camerasDelivering: cameras - dark, score: RiskScore(facts, today: today))
        }
        return rows.sorted { ($1.score.points, $0.schoolName, $0.name) < ($0.score.points, $1.schoolName, $1.name) }
    }
}
