import Calendar
import Contracts
import Postgres
import ServiceKit

/// Caterers as art 13 wants them chosen: certified first, then connected.
struct CatererList: Sendable {
    struct Certificate: Encodable, Sendable {
        let number: String
        let body: String
        let validTo: LocalDate
    }

    struct Item: Encodable, Sendable {
        let schoolId: SchoolID
        let canteenId: CanteenID
        let name: String
        let uscc: String
        let divisionCode: String
        let licenceNumber: String
        let licenceValidTo: LocalDate
        let operating: Bool
        /// Absent where there is none in force today.
        var haccp: Certificate?
        var iso22000: Certificate?
        var isCertified: Bool
        let activeCameras: Int
        /// Canteens served under a contract in force.
        let servedCanteens: Int
        let externalOrgan: String?
        let externalContact: String?
    }

    let pool: PostgresPool

    func page(
        search: String?, certified: Bool?, today: LocalDate, _ request: PageRequest
    ) async throws -> PageOf<Item> {
        let isCertified: SQL = """
            EXISTS (SELECT FROM certificate t WHERE t.institution_id = i.id AND t.valid_from <= \(today)
                        AND t.valid_to >= \(today))
            """
        var condition: SQL = "i.school_type = \(SchoolType.caterer)"
        if let certified { condition += " AND \(isCertified) = \(certified)" }
        if let search {
            condition += " AND (" + SearchPattern.matchesIndexed("i.name", search) + " OR "
            condition += SearchPattern.matches("c.licence_number", search) + ")"
        }
        let total = try await pool.first("SELECT count(*) AS n \(CanteenStore.source) WHERE \(condition)") {
            row -> Int in try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT \(CanteenStore.columns), \(isCertified) AS is_certified,
                   (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') AS active_cameras,
                   (SELECT count(*) FROM contract x WHERE x.caterer_canteen_id = c.id AND x.state = 'active') AS served
            \(CanteenStore.source) WHERE \(condition)
            ORDER BY is_certified DESC,
                     EXISTS (SELECT 1 FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') DESC, i.name, c.id
            LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            let canteen = try CanteenStore.decode(row)
            return Item(
                schoolId: canteen.institution.id, canteenId: canteen.id, name: canteen.institution.name,
                uscc: canteen.institution.creditCode, divisionCode: canteen.institution.divisionCode,
                licenceNumber: canteen.licence.number, licenceValidTo: canteen.licence.validTo,
                operating: canteen.operating, isCertified: try row["is_certified"],
                activeCameras: try row["active_cameras"], servedCanteens: try row["served"],
                externalOrgan: canteen.institution.externalOrgan, externalContact: canteen.institution.externalContact)
        }
        return PageOf(try await withCertificates(items, today), of: request, total: total ?? 0)
    }

    /// Expired certificates are off.
    private func withCertificates(_ items: [Item], _ today: LocalDate) async throws -> [Item] {
        let rows = try await pool.query(
            """
            SELECT institution_id, kind, number, body, valid_to FROM certificate
            WHERE institution_id = ANY(\(items.map(\.schoolId))::text[]) AND valid_from <= \(today)
                AND valid_to >= \(today) ORDER BY valid_to
            """
        ) { row -> (SchoolID, CertificateKind, Certificate) in
            (
                try row["institution_id"], try row["kind"],
                Certificate(number: try row["number"], body: try row["body"], validTo: try row["valid_to"])
            )
        }
        return items.map { item in
            var item = item
            for (institution, kind, certificate) in rows where institution == item.schoolId {
                switch kind {
                case .haccp: item.haccp = certificate
                case .iso22000: item.iso22000 = certificate
                }
            }
            return item
        }
    }
}
