import Calendar
import Contracts
import Postgres

/// The projection of the registry's canteens.
enum CanteenStore {
    /// Writes the registered facts; licence state and categories belong to `ItemStore`, figures to `refresh`.
    static func save(_ facts: CanteenFacts, _ transaction: PostgresTransaction) async throws {
        let wgs84 = facts.position?.wgs84
        try await transaction.execute(
            """
            INSERT INTO canteen AS c (canteen_id, name, school_id, school_name, school_type, is_caterer, division_code,
                township, serving_mode, diners, zones, operating, search_text, licence_number, licence_valid_to,
                station_organ_id, county_organ_id, city_organ_id, supervising_department, supervising_organ_id,
                latitude, longitude, coordinate_system, wgs_latitude, wgs_longitude)
            VALUES (\(facts.canteenId), \(facts.name), \(facts.schoolId), \(facts.schoolName), \(facts.schoolType),
                \(facts.isCaterer), \(facts.divisionCode), \(facts.township), \(facts.servingMode), \(facts.diners),
                \(facts.zones), \(facts.operating), \(facts.searchText), \(facts.licence?.number),
                \(facts.licence?.validTo), \(facts.stationOrganId), \(facts.countyOrganId), \(facts.cityOrganId),
                \(facts.supervisingDepartment), \(facts.supervisingOrganId), \(facts.position?.latitude),
                \(facts.position?.longitude), \(facts.position?.system), \(wgs84?.latitude),
                \(wgs84?.longitude))
            ON CONFLICT (canteen_id) DO UPDATE SET name = excluded.name, school_id = excluded.school_id,
                school_name = excluded.school_name, school_type = excluded.school_type,
                is_caterer = excluded.is_caterer, division_code = excluded.division_code,
                township = excluded.township, serving_mode = excluded.serving_mode, diners = excluded.diners,
                zones = excluded.zones, operating = excluded.operating, search_text = excluded.search_text,
                station_organ_id = excluded.station_organ_id, county_organ_id = excluded.county_organ_id,
                city_organ_id = excluded.city_organ_id, supervising_department = excluded.supervising_department,
                supervising_organ_id = excluded.supervising_organ_id,
                latitude = excluded.latitude, longitude = excluded.longitude,
                coordinate_system = excluded.coordinate_system, wgs_latitude = excluded.wgs_latitude,
                wgs_longitude = excluded.wgs_longitude, revision = c.revision + 1
            """)
        try await refresh(facts.canteenId, transaction)
    }

    /// Recomputes the figures that lists show, and gives the page a new revision. No canteen yet: nothing to do.
    static func refresh(_ canteen: CanteenID, _ transaction: PostgresTransaction) async throws {
        let hidden = ProblemOutcome.allCases.filter { !$0.isPublic }
        try await transaction.execute(
            """
            UPDATE canteen SET
                (open_problems, closed_problems) = (
                    SELECT count(*) FILTER (WHERE stage <> 'closed'),
                           count(*) FILTER (WHERE stage = 'closed' AND outcome <> ALL (\(hidden)))
                    FROM problem WHERE canteen_id = \(canteen)),
                (cameras, active_cameras) = (
                    SELECT count(*), count(*) FILTER (WHERE status = 'active')
                    FROM camera WHERE canteen_id = \(canteen)),
                revision = revision + 1
            WHERE canteen_id = \(canteen)
            """)
    }

    static func saveCamera(
        _ camera: CameraID, of canteen: CanteenID, zone: ZoneCode, status: CameraStatus,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO camera (camera_id, canteen_id, zone, status)
            VALUES (\(camera), \(canteen), \(zone), \(status))
            ON CONFLICT (camera_id) DO UPDATE SET canteen_id = excluded.canteen_id, zone = excluded.zone,
                status = excluded.status
            """)
        try await refresh(canteen, transaction)
    }
}
