import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Bulletins: written down with the problem, issued as soon as their receiver is known.
enum BulletinStore {
    /// Writes the bulletin of a found problem, not yet routed. False when the problem has one already.
    static func draft(
        for problem: ProblemFound, eventId: String, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO bulletin (bulletin_id, state, waiting_for, cause, canteen_id, school_id, problem_id,
                                  problem_event_id, evidence, created_at)
            VALUES (\(BulletinID.new()), 'unroutable', \(UnroutableReason.canteenUnknown), 'problem_found',
                    \(problem.canteenId), \(problem.schoolId), \(problem.problemId), \(eventId),
                    \(json: problem.evidence), \(now))
            ON CONFLICT (problem_id) WHERE cause = 'problem_found' DO NOTHING
            """) == 1
    }

    /// Writes the bulletin of a canteen that was not connected in time. False when the event has one already.
    static func draft(
        for overdue: AccessOverdue, eventId: String, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO bulletin (bulletin_id, state, waiting_for, cause, canteen_id, school_id, basis_event_id, basis,
                                  created_at)
            VALUES (\(BulletinID.new()), 'unroutable', \(UnroutableReason.canteenUnknown),
                    \(BulletinCause.notConnected), \(overdue.canteenId), \(overdue.schoolId), \(eventId),
                    \(json: overdue), \(now))
            ON CONFLICT (basis_event_id) WHERE basis_event_id IS NOT NULL DO NOTHING
            """) == 1
    }

    struct Waiting: Sendable {
        let bulletinId: BulletinID
        let canteenId: CanteenID
        let basis: BulletinBasis
    }

    /// Bulletins that wait: for this canteen, or for an organ that a waiting canteen names or may need.
    static func waiting(canteen: CanteenID, _ transaction: PostgresTransaction) async throws -> [Waiting] {
        try await waiting(where: "b.canteen_id = \(canteen)", transaction)
    }

    static func waiting(for organ: Organ, _ transaction: PostgresTransaction) async throws -> [Waiting] {
        let prefix = String(organ.divisionCode.prefix(4))
        return try await waiting(
            where: """
                c.supervising_organ_id = \(organ.id) OR c.county_organ_id = \(organ.id) OR c.city_organ_id = \(organ.id)
                OR (c.supervising_organ_id IS NULL AND c.supervising_department = \(organ.department)
                    AND left(c.division_code, 4) = \(prefix))
                """, transaction)
    }

    private static func waiting(where condition: SQL, _ transaction: PostgresTransaction) async throws -> [Waiting] {
        try await transaction.query(
            """
            SELECT b.bulletin_id, b.canteen_id, b.cause, coalesce(b.basis, e.facts) AS basis
            FROM bulletin b
            LEFT JOIN thread_entry e ON e.event_id = b.problem_event_id
            LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE b.state = 'unroutable' AND (\(condition))
            ORDER BY b.created_at, b.bulletin_id
            FOR UPDATE OF b
            """
        ) { row in
            let cause: BulletinCause = try row["cause"]
            let basis: BulletinBasis =
                cause == .notConnected
                ? .overdue(try row.json("basis", as: AccessOverdue.self))
                : .problem(try row.json("basis", as: ProblemFound.self))
            return Waiting(bulletinId: try row["bulletin_id"], canteenId: try row["canteen_id"], basis: basis)
        }
    }

    static func keepWaiting(
        _ id: BulletinID, for reason: UnroutableReason, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "UPDATE bulletin SET waiting_for = \(reason) WHERE bulletin_id = \(id) AND state = 'unroutable'")
    }

    /// The next number: the counter row stays locked until the commit, so an aborted transaction leaves no gap.
    static func nextNumber(issuer: Organ, at instant: Instant, _ transaction: PostgresTransaction) async throws
        -> String
    {
        let prefix = BulletinNumber.prefix(of: issuer)
        let year = BulletinNumber.year(instant)
        let counter = try await transaction.first(
            """
            INSERT INTO bulletin_counter AS c (prefix, year, last) VALUES (\(prefix), \(year), 1)
            ON CONFLICT (prefix, year) DO UPDATE SET last = c.last + 1
            RETURNING last
            """
        ) { row -> Int in try row["last"] }
        guard let counter else { throw PostgresError(code: PostgresError.decoding, message: "no counter came back") }
        return BulletinNumber.text(prefix: prefix, year: year, counter: counter)
    }

    static func save(_ issued: BulletinIssued, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE bulletin SET
                state = 'issued', waiting_for = NULL, number = \(issued.number),
                issuing_organ_id = \(issued.issuingOrganId), issuing_organ_name = \(issued.issuingOrganName),
                receiving_organ_id = \(issued.receivingOrganId), receiving_organ_name = \(issued.receivingOrganName),
                department = \(issued.department), canteen_name = \(issued.canteenName),
                school_name = \(issued.schoolName), school_type = \(issued.schoolType),
                division_code = \(issued.divisionCode), city_direct = \(issued.cityDirect), zone = \(issued.zone),
                item_code = \(issued.itemCode), item_text = \(issued.itemText), severity = \(issued.severity),
                facts = \(issued.facts), requirement = \(issued.requirement), due_at = \(issued.dueAt),
                issued_at = \(issued.issuedAt)
            WHERE bulletin_id = \(issued.bulletinId)
            """)
    }

    /// Which bulletins a person may see: their organ's own and those addressed to it; a city or county regulator also
    /// those of the area; an auditor all.
    static func visible(to principal: Principal) -> SQL {
        let own: SQL = "b.receiving_organ_id = \(principal.organId) OR b.issuing_organ_id = \(principal.organId)"
        switch principal.role {
        case .auditor: return "true"
        case .cityRegulator:
            let prefix = String((principal.divisionCode ?? "").prefix(4))
            return "\(own) OR left(coalesce(b.division_code, c.division_code), 4) = \(prefix)"
        case .countyRegulator:
            return "\(own) OR coalesce(b.division_code, c.division_code) = \(principal.divisionCode)"
        default: return own
        }
    }

    /// Newest first; those that wait come before everything else.
    static func page(
        visibleTo principal: Principal, state: Bulletin.State?, _ request: PageRequest,
        _ executor: some PostgresExecutor
    ) async throws -> PageOf<Bulletin> {
        let filter: SQL = state.map { "AND b.state = \($0)" } ?? ""
        let from: SQL = """
            FROM bulletin b LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE (\(visible(to: principal))) \(filter)
            """
        let total = try await executor.first("SELECT count(*) AS n \(from)") { row -> Int in try row["n"] }
        let items = try await executor.query(
            """
            SELECT \(columns) \(from)
            ORDER BY (b.state = 'unroutable') DESC, b.issued_at DESC NULLS LAST, b.bulletin_id DESC
            LIMIT \(request.size) OFFSET \(request.offset)
            """, bulletin(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    /// nil also when this person may not see it.
    static func bulletin(
        _ id: BulletinID, visibleTo principal: Principal, _ executor: some PostgresExecutor
    ) async throws -> Bulletin? {
        try await executor.first(
            """
            SELECT \(columns) FROM bulletin b LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE b.bulletin_id = \(id) AND (\(visible(to: principal)))
            """, bulletin(from:))
    }

    static func bulletin(problem: ProblemID, _ executor: some PostgresExecutor) async throws -> Bulletin? {
        try await executor.first(
            """
            SELECT \(columns) FROM bulletin b LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE b.problem_id = \(problem) AND b.cause = 'problem_found'
            """, bulletin(from:))
    }

    static func unroutableCount(_ executor: some PostgresExecutor) async throws -> Int {
        try await executor.first("SELECT count(*) AS n FROM bulletin WHERE state = 'unroutable'") { try $0["n"] } ?? 0
    }

    private static let columns: SQL = """
        b.*, coalesce(b.canteen_name, c.name) AS shown_canteen, coalesce(b.school_name, c.school_name) AS shown_school,
        coalesce(b.division_code, c.division_code) AS shown_division
        """

    @Sendable private static func bulletin(from row: Row) throws -> Bulletin {
        Bulletin(
            bulletinId: try row["bulletin_id"], state: try row["state"], waitingFor: try row["waiting_for"],
            number: try row["number"], cause: try row["cause"], canteenId: try row["canteen_id"],
            canteenName: try row["shown_canteen"], schoolId: try row["school_id"], schoolName: try row["shown_school"],
            schoolType: try row["school_type"], divisionCode: try row["shown_division"],
            cityDirect: try row["city_direct"], problemId: try row["problem_id"],
            issuingOrganId: try row["issuing_organ_id"], issuingOrganName: try row["issuing_organ_name"],
            receivingOrganId: try row["receiving_organ_id"], receivingOrganName: try row["receiving_organ_name"],
            department: try row["department"], zone: try row["zone"], itemCode: try row["item_code"],
            itemText: try row["item_text"], severity: try row["severity"], facts: try row["facts"],
            evidence: try row.json("evidence", as: [EvidenceReference].self), requirement: try row["requirement"],
            dueAt: try row["due_at"], createdAt: try row["created_at"], issuedAt: try row["issued_at"],
            receiptedAt: try row["receipted_at"])
    }
}
