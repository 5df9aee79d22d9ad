import Access
import Calendar
import Contracts
import Journal
import Postgres

/// Automatic bulletins before they are issued: written down with the event, waiting until their receiver is known.
enum BulletinQueue {
    /// Writes the bulletin of an event, not yet routed. False when the event, or the finding, has one already.
    static func add(
        _ basis: some Encodable & Sendable, cause: BulletinCause, canteen: CanteenID, school: SchoolID,
        problem: ProblemID?, evidence: [EvidenceReference], eventId: String, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO bulletin (bulletin_id, state, waiting_for, cause, canteen_id, school_id, problem_id,
                                  basis_event_id, basis, evidence, created_at)
            VALUES (\(BulletinID.new()), 'unroutable', \(UnroutableReason.canteenUnknown), \(cause), \(canteen),
                    \(school), \(problem), \(eventId), \(json: basis), \(json: evidence), \(now))
            ON CONFLICT DO NOTHING
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
                OR c.station_organ_id = \(organ.id)
                OR (c.supervising_organ_id IS NULL AND c.supervising_department = \(organ.department)
                    AND left(c.division_code, 4) = \(prefix))
                """, transaction)
    }

    private static func waiting(where condition: SQL, _ transaction: PostgresTransaction) async throws -> [Waiting] {
        try await transaction.query(
            """
            SELECT b.bulletin_id, b.canteen_id, b.cause, coalesce(b.basis, e.facts) AS basis,
                   (SELECT f.facts FROM thread t JOIN thread_entry f ON f.thread_id = t.thread_id
                    WHERE t.problem_id = b.problem_id AND f.kind = 'problem_found' LIMIT 1) AS finding
            FROM bulletin b
            LEFT JOIN thread_entry e ON e.event_id = b.problem_event_id
            LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE b.state = 'unroutable' AND (\(condition))
            ORDER BY b.created_at, b.bulletin_id
            FOR UPDATE OF b
            """
        ) { row in
            Waiting(
                bulletinId: try row["bulletin_id"], canteenId: try row["canteen_id"], basis: try basis(from: row))
        }
    }

    static func basis(from row: Row) throws -> BulletinBasis {
        let cause: BulletinCause = try row["cause"]
        switch cause {
        case .notConnected: return .overdue(try row.json("basis", as: AccessOverdue.self))
        case .problemOverdue:
            let finding = try row.isNull("finding") ? nil : row.json("finding", as: ProblemFound.self)
            return .late(try row.json("basis", as: ProblemOverdue.self), finding)
        case .problemFound, .repeatedProblem, .manual:
            return .problem(try row.json("basis", as: ProblemFound.self))
        }
    }

    static func keepWaiting(
        _ id: BulletinID, for reason: UnroutableReason, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "UPDATE bulletin SET waiting_for = \(reason) WHERE bulletin_id = \(id) AND state = 'unroutable'")
    }

    /// No rule asks for it. The event stays in its thread; only the unissued bulletin goes.
    static func drop(_ id: BulletinID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM bulletin WHERE bulletin_id = \(id) AND state = 'unroutable'")
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
}
