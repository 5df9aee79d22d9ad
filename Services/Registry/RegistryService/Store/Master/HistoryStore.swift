import Calendar
import Contracts
import Postgres

/// From when to when: organs, townships of stations, organs of canteens.
enum HistoryStore {
    struct OrganVersion: Encodable, Sendable {
        let name: String
        let divisionCode: String
        let parentOrganId: OrganID?
        let validFrom: LocalDate
        /// Inclusive; absent = still.
        let validTo: LocalDate?
    }

    struct TownshipSpan: Encodable, Sendable {
        let township: String
        let validFrom: LocalDate
        let validTo: LocalDate?
    }

    struct Assignment: Encodable, Sendable {
        let stationOrganId: OrganID?
        let countyOrganId: OrganID?
        let cityOrganId: OrganID?
        let supervisingOrganId: OrganID?
        /// Why the station was set by hand.
        let reason: String?
        let validFrom: LocalDate
        let validTo: LocalDate?
    }

    static func versions(of organ: OrganID, _ executor: some PostgresExecutor) async throws -> [OrganVersion] {
        try await executor.query(
            """
            SELECT name, division_code, parent_organ_id, valid_from, valid_to FROM organ_version
            WHERE organ_id = \(organ) ORDER BY valid_from
            """
        ) { row in
            OrganVersion(
                name: try row["name"], divisionCode: try row["division_code"],
                parentOrganId: try row["parent_organ_id"], validFrom: try row["valid_from"],
                validTo: try row["valid_to"])
        }
    }

    static func townships(of organ: OrganID, _ executor: some PostgresExecutor) async throws -> [TownshipSpan] {
        try await executor.query(
            """
            SELECT township, valid_from, valid_to FROM township_assignment WHERE organ_id = \(organ)
            ORDER BY township, valid_from
            """
        ) { TownshipSpan(township: try $0["township"], validFrom: try $0["valid_from"], validTo: try $0["valid_to"]) }
    }

    static func assignments(of canteen: CanteenID, _ executor: some PostgresExecutor) async throws -> [Assignment] {
        try await executor.query(
            """
            SELECT station_organ_id, county_organ_id, city_organ_id, supervising_organ_id, reason, valid_from, valid_to
            FROM canteen_assignment WHERE canteen_id = \(canteen) ORDER BY valid_from
            """
        ) { row in
            Assignment(
                stationOrganId: try row["station_organ_id"], countyOrganId: try row["county_organ_id"],
                cityOrganId: try row["city_organ_id"], supervisingOrganId: try row["supervising_organ_id"],
                reason: try row["reason"], validFrom: try row["valid_from"], validTo: try row["valid_to"])
        }
    }
}
