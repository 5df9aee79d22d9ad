import Access
import Calendar
import Contracts
import Postgres

/// An organ as this service knows it from the registry.
struct OrganRecord: Hashable, Sendable {
    var organId: OrganID
    var name: String
    var department: Department
    var level: OrganLevel
    var divisionCode: String
    var parentOrganId: OrganID?
    var ledgerMark: String
    var registeredAt: Instant

    static let columns: SQL =
        "organ_id, name, department, level, division_code, parent_organ_id, ledger_mark, registered_at"

    @Sendable init(_ row: Row) throws {
        organId = try row["organ_id"]
        name = try row["name"]
        department = try row["department"]
        level = try row["level"]
        divisionCode = try row["division_code"]
        parentOrganId = try row["parent_organ_id"]
        ledgerMark = try row["ledger_mark"]
        registeredAt = try row["registered_at"]
    }

    /// What a decision needs to know about records of this organ (patrols, ledger entries).
    var resource: Resource {
        Resource(
            divisionCode: divisionCode, stationOrganId: level == .station ? organId : nil,
            countyOrganId: level == .county ? organId : level == .station ? parentOrganId : nil,
            cityOrganId: level == .city ? organId : nil, organId: organId)
    }

    /// The canteens of its area, as a condition on table `canteen` with the alias `c`; the same rule as `AccessPolicy`.
    var area: SQL {
        switch level {
        case .city:
            """
            (c.city_organ_id = \(organId)
                OR c.city_organ_id IS NULL AND left(c.division_code, 4) = \(String(divisionCode.prefix(4))))
            """
        case .county:
            "(c.county_organ_id = \(organId) OR c.county_organ_id IS NULL AND c.division_code = \(divisionCode))"
        case .station: "c.station_organ_id = \(organId)"
        }
    }
}

extension PostgresExecutor {
    func organ(_ id: OrganID) async throws -> OrganRecord? {
        try await first("SELECT \(OrganRecord.columns) FROM organ WHERE organ_id = \(id)", OrganRecord.init)
    }

    /// Organs that owe a patrol each week.
    func patrollingOrgans() async throws -> [OrganRecord] {
        try await query(
            """
            SELECT \(OrganRecord.columns) FROM organ WHERE department = 'market_supervision' ORDER BY organ_id
            """, OrganRecord.init)
    }

    /// True when the person holds a running appointment of that role at that organ (指定专人).
    func isAppointed(_ person: PersonID, role: Role, organ: OrganID, on day: LocalDate) async throws -> Bool {
        try await first(
            """
            SELECT 1 AS one FROM appointment WHERE person_id = \(person) AND role = \(role) AND organ_id = \(organ)
                AND valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day))
            """
        ) { try $0["one"] as Int } != nil
    }
}
