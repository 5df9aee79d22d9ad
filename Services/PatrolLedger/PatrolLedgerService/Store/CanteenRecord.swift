import Access
import Calendar
import Contracts
import Postgres

/// A canteen as this service knows it from the registry.
struct CanteenRecord: Hashable, Sendable {
    var canteenId: CanteenID
    var name: String
    var schoolId: SchoolID
    var schoolName: String
    var isCaterer: Bool
    var divisionCode: String
    var stationOrganId: OrganID?
    var countyOrganId: OrganID?
    var cityOrganId: OrganID?
    var supervisingDepartment: Department
    var supervisingOrganId: OrganID?
    var zones: [ZoneCode]
    /// nil, with its last day: not issued yet.
    var licenceNumber: String?
    var licenceValidTo: LocalDate?
    var operating: Bool

    static let columns: SQL = """
        c.canteen_id, c.name, c.school_id, c.school_name, c.is_caterer, c.division_code, c.station_organ_id, c.county_organ_id,
        c.city_organ_id, c.supervising_department, c.supervising_organ_id, c.zones, c.licence_number, c.licence_valid_to,
        c.operating
        """

    @Sendable init(_ row: Row) throws {
        canteenId = try row["canteen_id"]
        name = try row["name"]
        schoolId = try row["school_id"]
        schoolName = try row["school_name"]
        isCaterer = try row["is_caterer"]
        divisionCode = try row["division_code"]
        stationOrganId = try row["station_organ_id"]
        countyOrganId = try row["county_organ_id"]
        cityOrganId = try row["city_organ_id"]
        supervisingDepartment = try row["supervising_department"]
        supervisingOrganId = try row["supervising_organ_id"]
        let codes: [String] = try row["zones"]
        zones = codes.compactMap(ZoneCode.init(rawValue:))
        licenceNumber = try row["licence_number"]
        licenceValidTo = try row["licence_valid_to"]
        operating = try row["operating"]
    }

    var resource: Resource {
        Resource(
            divisionCode: divisionCode, stationOrganId: stationOrganId, countyOrganId: countyOrganId,
            cityOrganId: cityOrganId, supervisingOrganId: supervisingOrganId,
            supervisingDepartment: supervisingDepartment, schoolId: schoolId, catererId: isCaterer ? schoolId : nil)
    }

    /// Organ whose officers enforce on site: the station, else the county.
    var enforcementOrganId: OrganID? { stationOrganId ?? countyOrganId ?? cityOrganId }

    /// Caterers and canteens that do not operate count in no quota.
    var countsTowardsQuota: Bool { operating && !isCaterer }
}

extension PostgresExecutor {
    func canteen(_ id: CanteenID) async throws -> CanteenRecord? {
        try await first("SELECT \(CanteenRecord.columns) FROM canteen c WHERE c.canteen_id = \(id)", CanteenRecord.init)
    }

    func canteens(_ ids: [CanteenID]) async throws -> [CanteenRecord] {
        try await query(
            "SELECT \(CanteenRecord.columns) FROM canteen c WHERE c.canteen_id = ANY(\(ids)) ORDER BY c.canteen_id",
            CanteenRecord.init)
    }

    /// Every canteen and caterer of an organ's area, by name.
    func canteens(in organ: OrganRecord) async throws -> [CanteenRecord] {
        try await query(
            """
            SELECT \(CanteenRecord.columns) FROM canteen c WHERE \(organ.area)
            ORDER BY c.school_name, c.name, c.canteen_id
            """, CanteenRecord.init)
    }

    /// The number that caps an organ's quota.
    func operatingCanteens(in organ: OrganRecord) async throws -> Int {
        try await first(
            "SELECT count(*) AS n FROM canteen c WHERE \(organ.area) AND c.operating AND NOT c.is_caterer"
        ) { try $0["n"] as Int } ?? 0
    }
}
