import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Incidents as one person may see them: those that reach a canteen in the person's scope.
struct IncidentList: Sendable {
    struct Item: Sendable {
        let incident: IncidentStore.Incident
        let school: String?
        let organ: String?
        let faultId: FaultID?
    }

    let pool: PostgresPool

    func page(openOnly: Bool, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        var condition: SQL = """
            EXISTS (SELECT FROM incident_camera m JOIN camera k ON k.id = m.camera_id
                    JOIN canteen c ON c.id = k.canteen_id JOIN institution i ON i.id = c.institution_id
                    WHERE m.incident_id = n.id AND (\(RegisterScope.condition(principal))))
            """
        if openOnly { condition += " AND n.ended_at IS NULL" }
        let total = try await pool.first("SELECT count(*) AS n FROM incident n WHERE \(condition)") { row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT \(IncidentStore.columns),
                (SELECT y.name FROM canteen z JOIN institution y ON y.id = z.institution_id
                 WHERE z.id = n.canteen_id) AS school_name,
                (SELECT o.name FROM organ o WHERE o.department = 'market_supervision' AND o.level = 'county'
                     AND o.division_code = n.division_code) AS organ_name,
                (SELECT f.id FROM device_fault f WHERE f.incident_id = n.id) AS fault_id
            FROM incident n WHERE \(condition)
            ORDER BY n.ended_at IS NOT NULL, n.started_at DESC, n.id LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            Item(
                incident: try IncidentStore.decode(row), school: try row["school_name"], organ: try row["organ_name"],
                faultId: try row["fault_id"])
        }
        return PageOf(items, of: request, total: total ?? 0)
    }
}
