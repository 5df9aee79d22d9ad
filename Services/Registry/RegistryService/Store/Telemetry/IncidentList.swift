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

    static let listing = RegisterListing<Item>(
        columns: """
            \(IncidentStore.columns),
            (SELECT y.name FROM canteen z JOIN institution y ON y.id = z.institution_id
             WHERE z.id = n.canteen_id) AS school_name,
            (SELECT o.name FROM organ o WHERE o.department = 'market_supervision' AND o.level = 'county'
                 AND o.division_code = n.division_code) AS organ_name,
            (SELECT f.id FROM device_fault f WHERE f.incident_id = n.id) AS fault_id
            """,
        source: "FROM incident n",
        order: ListOrder(
            keys: [.init(expression: "n.started_at", type: "timestamptz"), .init(expression: "n.id")],
            isDescending: true)
    ) { row in
        Item(
            incident: try IncidentStore.decode(row), school: try row["school_name"], organ: try row["organ_name"],
            faultId: try row["fault_id"])
    }

    static func condition(openOnly: Bool, _ principal: Principal) -> SQL {
        let reached: SQL = """
            EXISTS (SELECT FROM incident_camera m JOIN camera k ON k.id = m.camera_id
                    JOIN canteen c ON c.id = k.canteen_id JOIN institution i ON i.id = c.institution_id
                    WHERE m.incident_id = n.id AND (\(RegisterScope.condition(principal))))
            """
        return openOnly ? reached + " AND n.ended_at IS NULL" : reached
    }

    /// Those that go on first, then the newest.
    func page(openOnly: Bool, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(openOnly: openOnly, principal),
            by: "n.ended_at IS NOT NULL, n.started_at DESC, n.id", request, pool)
    }
}
