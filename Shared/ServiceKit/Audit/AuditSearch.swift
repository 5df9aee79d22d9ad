import Calendar
import Postgres

/// Reads the trail, newest first.
struct AuditSearch: Sendable {
    let pool: PostgresPool
    let trail: AuditTrail

    func page(_ filter: AuditFilter, _ request: PageRequest) async throws -> PageOf<AuditRecord> {
        let condition = condition(filter)
        let total = try await pool.first("SELECT count(*) AS n FROM audit_request WHERE \(condition)") { row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT * FROM audit_request WHERE \(condition) ORDER BY occurred_at DESC, id DESC
            LIMIT \(request.size) OFFSET \(request.offset)
            """, AuditRecord.init(row:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    private func condition(_ filter: AuditFilter) -> SQL {
        var parts: [SQL] = ["true"]
        if let person = filter.person {
            parts.append("actor IN (\(person), \("person:" + person), \("representative:" + person))")
        }
        if let object = filter.object { parts.append("strpos(path, \(object)) > 0") }
        if let action = filter.action { parts.append("(action = \(action) OR starts_with(route, \(action)))") }
        if let address = filter.address {
            parts.append("address_key IN (\(address), \(trail.addressKey(of: address)))")
        }
        if let correlation = filter.correlation { parts.append("correlation_id = \(correlation)") }
        if let start = filter.start { parts.append("occurred_at >= \(start)") }
        if let end = filter.end { parts.append("occurred_at < \(end)") }
        return parts.joined(separator: " AND ")
    }
}

extension AuditRecord {
    init(row: Row) throws {
        self.init(
            id: try row["id"], occurredAt: try row["occurred_at"], actor: try row["actor"], role: try row["role"],
            action: try row["action"], method: try row["method"], route: try row["route"], path: try row["path"],
            addressKey: try row["address_key"], purpose: try row["purpose"],
            correlationId: try row["correlation_id"], status: try row["status"])
    }
}
