import Access
import Contracts
import Postgres

/// A canteen as those who prepare, publish and moderate see it.
struct CanteenRecord: Sendable {
    let canteenId: CanteenID
    let name: String
    let schoolId: SchoolID
    let schoolName: String
    let schoolType: SchoolType
    let isCaterer: Bool
    let divisionCode: String
    let diners: Int
    /// False before the first licence is registered: the school prepares its items, the public sees nothing yet.
    let hasLicence: Bool
    let completeness: Completeness
    let resource: Resource

    static let columns: SQL = """
        c.canteen_id, c.name, c.school_id, c.school_name, c.school_type, c.is_caterer, c.division_code, c.diners,
        c.published_categories, c.station_organ_id, c.county_organ_id, c.city_organ_id, c.supervising_department,
        c.supervising_organ_id, c.licence_number IS NOT NULL AS has_licence
        """

    @Sendable init(_ row: Row) throws {
        canteenId = try row["canteen_id"]
        name = try row["name"]
        schoolId = try row["school_id"]
        schoolName = try row["school_name"]
        schoolType = try row["school_type"]
        isCaterer = try row["is_caterer"]
        divisionCode = try row["division_code"]
        diners = try row["diners"]
        hasLicence = try row["has_licence"]
        let categories: [DisclosureCategory] = try row["published_categories"]
        completeness = Completeness(categories)
        resource = Resource(
            divisionCode: divisionCode, stationOrganId: try row["station_organ_id"],
            countyOrganId: try row["county_organ_id"], cityOrganId: try row["city_organ_id"],
            supervisingOrganId: try row["supervising_organ_id"],
            supervisingDepartment: try row["supervising_department"], schoolId: schoolId,
            catererId: isCaterer ? schoolId : nil)
    }

    static func find(_ id: CanteenID, _ database: some PostgresExecutor) async throws -> CanteenRecord? {
        try await database.first("SELECT \(columns) FROM canteen c WHERE c.canteen_id = \(id)", CanteenRecord.init)
    }

    /// All canteens of a school or caterer.
    static func of(_ school: SchoolID, _ database: some PostgresExecutor) async throws -> [CanteenRecord] {
        try await database.query(
            "SELECT \(columns) FROM canteen c WHERE c.school_id = \(school) ORDER BY c.name, c.canteen_id",
            CanteenRecord.init)
    }
}
