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
        let licenceNumber: String?
        let licenceValidTo: LocalDate?
        let operating: Bool
        /// Absent where there is none in force today.
        let haccp: Certificate?
        let iso22000: Certificate?
        let isCertified: Bool
        let activeCameras: Int
        /// Canteens served under a contract in force.
        let servedCanteens: Int
        let externalOrgan: String?
        let externalContact: String?
    }

    let pool: PostgresPool

    /// Of this day: expired certificates and ended contracts are off.
    static func listing(_ today: LocalDate) -> RegisterListing<Item> {
        RegisterListing(
            columns: """
                \(CanteenStore.columns), \(isCertified(today)) AS is_certified,
                \(certificate(.haccp, today)) AS haccp, \(certificate(.iso22000, today)) AS iso22000,
                (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') AS active_cameras,
                (SELECT count(*) FROM contract x WHERE x.caterer_canteen_id = c.id AND x.state = 'active') AS served
                """,
            source: CanteenStore.source,
            order: ListOrder(
                keys: [ListOrder.Key(expression: "(CASE WHEN \(certified(today)) THEN 0 ELSE 1 END)", type: "int")]
                    + ["i.name", "c.id"].map { .init(expression: $0) }), decode: decode)
    }

    static func condition(search: String?, certified: Bool?, _ today: LocalDate) -> SQL {
        var condition: SQL = "i.school_type = \(SchoolType.caterer)"
        if let certified { condition += " AND \(isCertified(today)) = \(certified)" }
        if let search {
            condition += " AND (" + SearchPattern.matchesIndexed("i.name", search) + " OR "
            condition += SearchPattern.matches("c.licence_number", search) + ")"
        }
        return condition
    }

    /// As art 13 wants them chosen.
    func page(
        search: String?, certified: Bool?, today: LocalDate, _ request: PageRequest
    ) async throws -> PageOf<Item> {
        try await Self.listing(today).page(
            Self.condition(search: search, certified: certified, today),
            by: """
                is_certified DESC,
                EXISTS (SELECT 1 FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') DESC, i.name, c.id
                """, request, pool)
    }

    private static func isCertified(_ today: LocalDate) -> SQL { SQL(trusted: certified(today)) }

    /// As text, because orders are text; a day written out cannot be anything but digits.
    private static func certified(_ today: LocalDate) -> String {
        """
        EXISTS (SELECT FROM certificate t WHERE t.institution_id = i.id AND t.valid_from <= '\(today.iso)'
                    AND t.valid_to >= '\(today.iso)')
        """
    }

    /// The one that is valid longest, as number, body and last day; NULL where none is in force.
    private static func certificate(_ kind: CertificateKind, _ today: LocalDate) -> SQL {
        """
        (SELECT ARRAY[t.number, t.body, t.valid_to::text] FROM certificate t
         WHERE t.institution_id = i.id AND t.kind = \(kind) AND t.valid_from <= \(today) AND t.valid_to >= \(today)
         ORDER BY t.valid_to DESC, t.number LIMIT 1)
        """
    }

    @Sendable private static func decode(_ row: Row) throws -> Item {
        let canteen = try CanteenStore.decode(row)
        return Item(
            schoolId: canteen.institution.id, canteenId: canteen.id, name: canteen.institution.name,
            uscc: canteen.institution.creditCode, divisionCode: canteen.institution.divisionCode,
            licenceNumber: canteen.licence?.number, licenceValidTo: canteen.licence?.validTo,
            operating: canteen.operating, haccp: certificate(try row["haccp"]),
            iso22000: certificate(try row["iso22000"]), isCertified: try row["is_certified"],
            activeCameras: try row["active_cameras"], servedCanteens: try row["served"],
            externalOrgan: canteen.institution.externalOrgan, externalContact: canteen.institution.externalContact)
    }

    private static func certificate(_ facts: [String]?) -> Certificate? {
        guard let facts, facts.count == 3, let validTo = LocalDate(iso: facts[2]) else { return nil }
        return Certificate(number: facts[0], body: facts[1], validTo: validTo)
    }
}
