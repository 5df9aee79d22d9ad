import Calendar
import Contracts
import Postgres

/// The registry's facts as this service keeps them. Upserts: an event may come more than once.
enum ProjectionStore {
    /// Facts of a canteen as registered or changed.
    struct CanteenRow: Sendable {
        let facts: CanteenFacts
        /// nil: not issued yet.
        let licenceNumber: String?
    }

    static func save(_ row: CanteenRow, _ database: some PostgresExecutor) async throws {
        let canteen = row.facts
        try await database.execute(
            """
            INSERT INTO canteen AS known (canteen_id, school_id, name, school_name, is_caterer, division_code,
                station_organ_id, county_organ_id, city_organ_id, supervising_organ_id, supervising_department,
                operating, licence_number)
            VALUES (\(canteen.canteenId), \(canteen.schoolId), \(canteen.name), \(canteen.schoolName),
                \(canteen.isCaterer), \(canteen.divisionCode), \(canteen.stationOrganId), \(canteen.countyOrganId),
                \(canteen.cityOrganId), \(canteen.supervisingOrganId), \(canteen.supervisingDepartment),
                \(canteen.operating), \(row.licenceNumber))
            ON CONFLICT (canteen_id) DO UPDATE SET
                school_id = excluded.school_id, name = excluded.name, school_name = excluded.school_name,
                is_caterer = excluded.is_caterer, division_code = excluded.division_code,
                station_organ_id = excluded.station_organ_id, county_organ_id = excluded.county_organ_id,
                city_organ_id = excluded.city_organ_id, supervising_organ_id = excluded.supervising_organ_id,
                supervising_department = excluded.supervising_department, operating = excluded.operating,
                licence_number = excluded.licence_number,
                -- A new licence ends the revocation of the old one; the same number does not.
                licence_revoked = known.licence_revoked
                    AND known.licence_number IS NOT DISTINCT FROM excluded.licence_number
            """)
    }

    /// Only for the licence that the canteen holds: the revocation of an old one is history.
    static func revokeLicence(_ canteen: CanteenID, number: String, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            UPDATE canteen SET licence_revoked = true
            WHERE canteen_id = \(canteen) AND licence_number = \(number) AND NOT licence_revoked
            """)
    }

    static func save(_ camera: CameraFacts, enabledOn: LocalDate, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            INSERT INTO camera (camera_id, canteen_id, school_id, gb_id, name, zone, is_anteroom, status, enabled_on)
            VALUES (\(camera.cameraId), \(camera.canteenId), \(camera.schoolId), \(camera.gbId), \(camera.name),
                \(camera.zone), \(camera.isAnteroom), \(camera.status), \(enabledOn))
            ON CONFLICT (camera_id) DO UPDATE SET
                canteen_id = excluded.canteen_id, school_id = excluded.school_id, gb_id = excluded.gb_id,
                name = excluded.name, zone = excluded.zone, is_anteroom = excluded.is_anteroom,
                status = excluded.status, enabled_on = excluded.enabled_on
            """)
    }

    static func save(_ organ: OrganRegistered, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            INSERT INTO organ (organ_id, name, department, level)
            VALUES (\(organ.organId), \(organ.name), \(organ.department), \(organ.level))
            ON CONFLICT (organ_id) DO UPDATE SET
                name = excluded.name, department = excluded.department, level = excluded.level
            """)
    }

    static func dismiss(_ person: PersonID, _ role: Role, on day: LocalDate, _ database: some PostgresExecutor)
        async throws
    {
        try await database.execute(
            """
            INSERT INTO dismissal (person_id, role, ended_on) VALUES (\(person), \(role), \(day))
            ON CONFLICT (person_id, role) DO UPDATE SET ended_on = excluded.ended_on
            """)
    }

    static func appoint(_ person: PersonID, _ role: Role, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM dismissal WHERE person_id = \(person) AND role = \(role)")
    }
}
