import Calendar
import Contracts
import Postgres

/// Institutions and canteens with all their facts.
enum CanteenStore {
    /// The canteen with its institution; conditions refer to `c` and `i`.
    static let columns: SQL = """
        c.id, c.name, c.serving_mode, c.diners, c.zones, c.caterer_licence_number, c.licence_number,
        c.licence_issued_on, c.licence_valid_to, c.licence_state, c.licence_ended_on, c.licence_applied_on,
        c.station_organ_id,
        c.county_organ_id, c.city_organ_id, c.supervising_organ_id, c.operating, c.life, c.life_reason, c.life_since,
        c.merged_into, c.branch_reason, c.fixed_station_id, c.station_reason, c.latitude, c.longitude,
        c.coordinate_system, i.supervising_reason,
        i.supervising_level, i.external_organ, i.external_contact,
        i.id AS institution_id, i.uscc, i.name AS institution_name, i.school_type, i.supervising_department,
        i.city_direct, i.division_code, i.township
        """
    static let institutionColumns: SQL = """
        id, name, uscc, school_type, supervising_department, city_direct, division_code, township,
        supervising_reason, supervising_level, external_organ, external_contact
        """
    static let source: SQL = "FROM canteen c JOIN institution i ON i.id = c.institution_id"

    static func decode(_ row: Row) throws -> Canteen {
        Canteen(
            id: try row["id"], institution: try decodeInstitution(row, prefix: "institution_"),
            name: try row["name"], servingMode: try row["serving_mode"], diners: try row["diners"],
            zones: try row["zones"], catererLicence: try row["caterer_licence_number"],
            licence: try licence(row), licenceAppliedOn: try row["licence_applied_on"],
            assignment: Jurisdiction.Assignment(
                station: try row["station_organ_id"], county: try row["county_organ_id"],
                city: try row["city_organ_id"], supervising: try row["supervising_organ_id"]),
            operating: try row["operating"],
            life: CanteenLife(
                decision: try row["life"], reason: try row["life_reason"], since: try row["life_since"],
                mergedInto: try row["merged_into"]),
            branchReason: try row["branch_reason"], fixedStation: try row["fixed_station_id"],
            stationReason: try row["station_reason"], position: try position(row))
    }

    private static func licence(_ row: Row) throws -> Licence? {
        let number: String? = try row["licence_number"]
        guard let number else { return nil }
        return Licence(
            number: number, issuedOn: try row["licence_issued_on"], validTo: try row["licence_valid_to"],
            state: try row["licence_state"], endedOn: try row["licence_ended_on"])
    }

    private static func position(_ row: Row) throws -> Position? {
        let latitude: Double? = try row["latitude"]
        let longitude: Double? = try row["longitude"]
        let system: CoordinateSystem? = try row["coordinate_system"]
        guard let latitude, let longitude, let system else { return nil }
        return Position(latitude: latitude, longitude: longitude, system: system)
    }

    static func decodeInstitution(_ row: Row, prefix: String = "") throws -> Institution {
        Institution(
            id: try row[prefix + "id"], creditCode: try row["uscc"], name: try row[prefix + "name"],
            type: try row["school_type"], department: try row["supervising_department"],
            cityDirect: try row["city_direct"], divisionCode: try row["division_code"],
            township: try row["township"], departmentReason: try row["supervising_reason"],
            departmentLevel: try row["supervising_level"], externalOrgan: try row["external_organ"],
            externalContact: try row["external_contact"])
    }

    /// Everything that lines with these codes and licences could touch or collide with.
    static func related(
        creditCodes: [String], licences: [String], _ transaction: PostgresTransaction
    ) async throws -> [Canteen] {
        try await transaction.query(
            """
            SELECT \(columns) \(source)
            WHERE i.uscc = ANY(\(creditCodes)::text[]) OR c.licence_number = ANY(\(licences)::text[])
            """, decode)
    }

    static func institutions(creditCodes: [String], _ transaction: PostgresTransaction) async throws -> [Institution] {
        try await transaction.query(
            """
            SELECT \(institutionColumns) FROM institution WHERE uscc = ANY(\(creditCodes)::text[])
            """
        ) { try decodeInstitution($0) }
    }

    /// Which of these licence numbers belong to registered caterers.
    static func caterers(licences: [String], _ transaction: PostgresTransaction) async throws -> Set<String> {
        Set(
            try await transaction.query(
                """
                SELECT c.licence_number \(source)
                WHERE c.licence_number = ANY(\(licences)::text[]) AND i.school_type = \(SchoolType.caterer)
                """
            ) { try $0["licence_number"] })
    }

    static func byLicence(_ licences: [String], _ transaction: PostgresTransaction) async throws -> [Canteen] {
        try await transaction.query(
            "SELECT \(columns) \(source) WHERE c.licence_number = ANY(\(licences)::text[])", decode)
    }

    /// The canteen, locked until the transaction ends.
    static func lock(_ id: CanteenID, _ transaction: PostgresTransaction) async throws -> Canteen? {
        try await transaction.first("SELECT \(columns) \(source) WHERE c.id = \(id) FOR UPDATE OF c", decode)
    }

    static func save(institutions: [Institution], _ transaction: PostgresTransaction) async throws {
        guard !institutions.isEmpty else { return }
        try await transaction.execute(
            """
            INSERT INTO institution (id, uscc, name, school_type, supervising_department, city_direct,
                                     division_code, township, supervising_reason, supervising_level,
                                     external_organ, external_contact)
            SELECT id, uscc, name, school_type, department, city_direct = 1, division_code, township,
                   reason, level, external_organ, external_contact
            FROM unnest(\(institutions.map(\.id))::text[], \(institutions.map(\.creditCode))::text[],
                        \(institutions.map(\.name))::text[], \(institutions.map(\.type))::text[],
                        \(institutions.map(\.department))::text[], \(institutions.map { $0.cityDirect ? 1 : 0 })::int8[],
                        \(institutions.map(\.divisionCode))::text[], \(institutions.map(\.township))::text[],
                        \(institutions.map(\.departmentReason))::text[],
                        \(institutions.map(\.departmentLevel))::text[],
                        \(institutions.map(\.externalOrgan))::text[],
                        \(institutions.map(\.externalContact))::text[])
                 AS line (id, uscc, name, school_type, department, city_direct, division_code, township, reason,
                          level, external_organ, external_contact)
            ON CONFLICT (id) DO UPDATE SET uscc = excluded.uscc, name = excluded.name,
                school_type = excluded.school_type, supervising_department = excluded.supervising_department,
                city_direct = excluded.city_direct, division_code = excluded.division_code,
                township = excluded.township, supervising_reason = excluded.supervising_reason,
                supervising_level = excluded.supervising_level, external_organ = excluded.external_organ,
                external_contact = excluded.external_contact
            """)
    }

    static func save(canteens: [Canteen], _ transaction: PostgresTransaction) async throws {
        guard !canteens.isEmpty else { return }
        let licences = canteens.map(\.licence)
        let organs = canteens.map(\.assignment)
        try await transaction.execute(
            """
            INSERT INTO canteen (id, institution_id, name, serving_mode, diners, zones, caterer_licence_number,
                                 licence_number, licence_issued_on, licence_valid_to, licence_state,
                                 licence_ended_on, station_organ_id, county_organ_id, city_organ_id,
                                 supervising_organ_id, operating, life, life_reason, life_since, merged_into,
                                 branch_reason, fixed_station_id, station_reason, latitude, longitude, coordinate_system,
                                 licence_applied_on)
            SELECT id, institution_id, name, serving_mode, diners, string_to_array(zones, ','), caterer,
                   licence, issued_on::date, valid_to::date, state, ended_on::date, station, county, city,
                   supervising, operating = 1, life, life_reason, life_since::date, merged_into, branch_reason,
                   fixed_station, station_reason, latitude::float8, longitude::float8, coordinate_system,
                   applied_on::date
            FROM unnest(\(canteens.map(\.id))::text[], \(canteens.map(\.institution.id))::text[],
                        \(canteens.map(\.name))::text[], \(canteens.map(\.servingMode))::text[],
                        \(canteens.map(\.diners))::int8[],
                        \(canteens.map { $0.zones.map(\.rawValue).joined(separator: ",") })::text[],
                        \(canteens.map(\.catererLicence))::text[], \(licences.map { $0?.number })::text[],
                        \(licences.map { $0?.issuedOn.iso })::text[], \(licences.map { $0?.validTo.iso })::text[],
                        \(licences.map { $0?.state })::text[], \(licences.map { $0?.endedOn?.iso })::text[],
                        \(organs.map(\.station))::text[], \(organs.map(\.county))::text[],
                        \(organs.map(\.city))::text[], \(organs.map(\.supervising))::text[],
                        \(canteens.map { $0.operating ? 1 : 0 })::int8[],
                        \(canteens.map(\.life.decision))::text[], \(canteens.map(\.life.reason))::text[],
                        \(canteens.map { $0.life.since?.iso })::text[], \(canteens.map(\.life.mergedInto))::text[],
                        \(canteens.map(\.branchReason))::text[], \(canteens.map(\.fixedStation))::text[],
                        \(canteens.map(\.stationReason))::text[],
                        \(canteens.map { $0.position.map { String($0.latitude) } })::text[],
                        \(canteens.map { $0.position.map { String($0.longitude) } })::text[],
                        \(canteens.map { $0.position?.system })::text[],
                        \(canteens.map { $0.licenceAppliedOn?.iso })::text[])
                 AS line (id, institution_id, name, serving_mode, diners, zones, caterer, licence, issued_on,
                          valid_to, state, ended_on, station, county, city, supervising, operating, life,
                          life_reason, life_since, merged_into, branch_reason, fixed_station, station_reason, latitude,
                          longitude, coordinate_system, applied_on)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, serving_mode = excluded.serving_mode,
                diners = excluded.diners, zones = excluded.zones,
                caterer_licence_number = excluded.caterer_licence_number,
                licence_number = excluded.licence_number, licence_issued_on = excluded.licence_issued_on,
                licence_valid_to = excluded.licence_valid_to, licence_state = excluded.licence_state,
                licence_ended_on = excluded.licence_ended_on, station_organ_id = excluded.station_organ_id,
                county_organ_id = excluded.county_organ_id, city_organ_id = excluded.city_organ_id,
                supervising_organ_id = excluded.supervising_organ_id, operating = excluded.operating,
                life = excluded.life, life_reason = excluded.life_reason, life_since = excluded.life_since,
                merged_into = excluded.merged_into, branch_reason = excluded.branch_reason,
                fixed_station_id = excluded.fixed_station_id, station_reason = excluded.station_reason,
                latitude = excluded.latitude, longitude = excluded.longitude,
                coordinate_system = excluded.coordinate_system, licence_applied_on = excluded.licence_applied_on
            """)
        try await LicenceStore.note(canteens, transaction)
    }

    /// Up to `limit` canteens with ids above `after`, in order: for passes over all of them.
    static func page(
        after: String, limit: Int, _ transaction: PostgresTransaction
    ) async throws -> [Canteen] {
        try await transaction.query(
            "SELECT \(columns) \(source) WHERE c.id > \(after) ORDER BY c.id LIMIT \(limit) FOR UPDATE OF c", decode)
    }

    /// Canteens whose stored operation is not what the licence says on this day.
    static func outdated(on day: LocalDate, limit: Int, _ transaction: PostgresTransaction) async throws -> [Canteen] {
        try await transaction.query(
            """
            SELECT \(columns) \(source)
            WHERE (c.operating AND (c.licence_valid_to < \(day) OR (c.life <> 'open' AND c.life_since <= \(day))))
               OR (NOT c.operating AND c.licence_state = 'valid' AND c.licence_valid_to >= \(day)
                   AND c.licence_issued_on <= \(day) AND (c.life = 'open' OR c.life_since > \(day)))
            ORDER BY c.id LIMIT \(limit) FOR UPDATE OF c
            """, decode)
    }
}
