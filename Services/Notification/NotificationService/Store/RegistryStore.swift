import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Projections of the registry: organs, canteens, appointments.
enum RegistryStore {
    static func save(_ organ: OrganRegistered, at instant: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO organ (organ_id, name, department, level, division_code, parent_organ_id, registered_at)
            VALUES (\(organ.organId), \(organ.name), \(organ.department), \(organ.level), \(organ.divisionCode),
                    \(organ.parentOrganId), \(instant))
            ON CONFLICT (organ_id) DO UPDATE SET
                name = excluded.name, department = excluded.department, level = excluded.level,
                division_code = excluded.division_code, parent_organ_id = excluded.parent_organ_id
            """)
    }

    static func save(_ canteen: Canteen, at instant: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO canteen (canteen_id, name, school_id, school_name, school_type, is_caterer, division_code,
                                 city_direct, station_organ_id, county_organ_id, city_organ_id,
                                 supervising_department, supervising_organ_id, registered_at)
            VALUES (\(canteen.id), \(canteen.name), \(canteen.schoolId), \(canteen.schoolName), \(canteen.schoolType),
                    \(canteen.isCaterer), \(canteen.divisionCode), \(canteen.cityDirect), \(canteen.stationOrganId),
                    \(canteen.countyOrganId), \(canteen.cityOrganId), \(canteen.supervisingDepartment),
                    \(canteen.supervisingOrganId), \(instant))
            ON CONFLICT (canteen_id) DO UPDATE SET
                name = excluded.name, school_id = excluded.school_id, school_name = excluded.school_name,
                school_type = excluded.school_type, is_caterer = excluded.is_caterer,
                division_code = excluded.division_code, city_direct = excluded.city_direct,
                station_organ_id = excluded.station_organ_id, county_organ_id = excluded.county_organ_id,
                city_organ_id = excluded.city_organ_id, supervising_department = excluded.supervising_department,
                supervising_organ_id = excluded.supervising_organ_id
            """)
    }

    static func save(_ appointed: StaffAppointed, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO appointment (person_id, role, organ_id, school_id, valid_from, valid_to)
            VALUES (\(appointed.personId), \(appointed.role), \(appointed.organId?.rawValue ?? ""),
                    \(appointed.schoolId?.rawValue ?? ""), \(appointed.validFrom), \(appointed.validTo))
            ON CONFLICT (person_id, role, organ_id, school_id) DO UPDATE SET
                valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """)
    }

    static func end(_ dismissed: StaffDismissed, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE appointment SET valid_to = \(dismissed.endedOn)
            WHERE person_id = \(dismissed.personId) AND role = \(dismissed.role)
              AND organ_id = \(dismissed.organId?.rawValue ?? "") AND school_id = \(dismissed.schoolId?.rawValue ?? "")
            """)
    }

    /// How many persons may read this inbox on that day; 0 = nobody would notice.
    static func readers(of recipient: Recipient, on day: LocalDate, _ executor: some PostgresExecutor) async throws
        -> Int
    {
        let whose: SQL =
            switch recipient {
            case .organ(let id): "organ_id = \(id)"
            case .school(let id): "school_id = \(id)"
            }
        return try await executor.first(
            """
            SELECT count(DISTINCT person_id) AS n FROM appointment
            WHERE \(whose) AND valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day))
            """
        ) { try $0["n"] } ?? 0
    }

    static func organ(_ id: OrganID, _ executor: some PostgresExecutor) async throws -> Organ? {
        try await organs([id], executor)[id]
    }

    static func organs(_ ids: [OrganID], _ executor: some PostgresExecutor) async throws -> [OrganID: Organ] {
        let found = try await executor.query(
            "SELECT \(organColumns) FROM organ WHERE organ_id = ANY(\(ids)::text[])", organ(from:))
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The organ above: the one that the registry names, else the city organ of the same department. nil for the city.
    static func superior(of id: OrganID, _ executor: some PostgresExecutor) async throws -> Organ? {
        try await executor.first(
            """
            SELECT p.organ_id, p.name, p.department, p.level, p.division_code, p.parent_organ_id
            FROM organ o JOIN organ p ON p.organ_id <> o.organ_id AND (
                p.organ_id = o.parent_organ_id
                OR (o.parent_organ_id IS NULL AND o.level <> 'city' AND p.level = 'city'
                    AND p.department = o.department AND left(p.division_code, 4) = left(o.division_code, 4)))
            WHERE o.organ_id = \(id)
            ORDER BY p.organ_id LIMIT 1
            """, organ(from:))
    }

    /// Organs of the city in which the division lies, those above and beside included.
    static func organs(inCityOf division: String, _ executor: some PostgresExecutor) async throws -> [Organ] {
        try await executor.query(
            """
            SELECT \(organColumns) FROM organ WHERE left(division_code, 4) = \(String(division.prefix(4)))
            ORDER BY department, level, division_code, organ_id
            """, organ(from:))
    }

    /// Canteens by part of their name or their school's, within a regulator's area.
    static func canteens(
        matching text: String, of principal: Principal, _ request: PageRequest, _ executor: some PostgresExecutor
    ) async throws -> PageOf<Canteen> {
        let pattern =
            "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        let area: SQL =
            principal.role == .cityRegulator
            ? "left(division_code, 4) = \(String((principal.divisionCode ?? "").prefix(4)))"
            : "county_organ_id = \(principal.organId)"
        let from: SQL = "FROM canteen WHERE \(area) AND (name LIKE \(pattern) OR school_name LIKE \(pattern))"
        let total = try await executor.first("SELECT count(*) AS n \(from)") { row -> Int in try row["n"] }
        let items = try await executor.query(
            "SELECT * \(from) ORDER BY school_name, name, canteen_id LIMIT \(request.size) OFFSET \(request.offset)",
            canteen(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    static func canteens(_ ids: [CanteenID], _ executor: some PostgresExecutor) async throws -> [CanteenID: Canteen] {
        let found = try await executor.query(
            "SELECT * FROM canteen WHERE canteen_id = ANY(\(ids)::text[])", canteen(from:))
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Bureaus of the department in the division itself and in its city.
    static func bureaus(
        _ department: Department, division: String, _ executor: some PostgresExecutor
    ) async throws -> [Organ] {
        try await executor.query(
            """
            SELECT \(organColumns) FROM organ
            WHERE department = \(department) AND level IN ('city', 'county')
              AND division_code IN (\(division), \(String(division.prefix(4)) + "00"))
            ORDER BY organ_id
            """, organ(from:))
    }

    static func canteen(_ id: CanteenID, _ executor: some PostgresExecutor) async throws -> Canteen? {
        try await executor.first("SELECT * FROM canteen WHERE canteen_id = \(id)", canteen(from:))
    }

    private static let organColumns: SQL = "organ_id, name, department, level, division_code, parent_organ_id"

    @Sendable private static func organ(from row: Row) throws -> Organ {
        Organ(
            id: try row["organ_id"], name: try row["name"], department: try row["department"],
            level: try row["level"], divisionCode: try row["division_code"], parentOrganId: try row["parent_organ_id"])
    }

    @Sendable static func canteen(from row: Row) throws -> Canteen {
        Canteen(
            id: try row["canteen_id"], name: try row["name"], schoolId: try row["school_id"],
            schoolName: try row["school_name"], schoolType: try row["school_type"],
            isCaterer: try row["is_caterer"], divisionCode: try row["division_code"],
            cityDirect: try row["city_direct"], stationOrganId: try row["station_organ_id"],
            countyOrganId: try row["county_organ_id"], cityOrganId: try row["city_organ_id"],
            supervisingDepartment: try row["supervising_department"],
            supervisingOrganId: try row["supervising_organ_id"])
    }
}
