import Calendar
import Contracts
import Postgres

/// A patrol as it stands.
struct PatrolRecord: Hashable, Sendable {
    var patrolId: PatrolID
    var organId: OrganID
    var state: PatrolState
    var basis: [PatrolBasis]
    var basisReference: String?
    var plannedBy: PersonID
    var plannedAt: Instant
    var startedBy: PersonID?
    var startedAt: Instant?
    var week: String?
    var closedBy: PersonID?
    var closedAt: Instant?
    var cancelReason: String?
    var counted: Int?
    var required: Int?
    var ledgerNumber: String?

    static let columns: SQL = """
        patrol_id, organ_id, state, basis, basis_reference, planned_by, planned_at, started_by, started_at, week, closed_by,
        closed_at, cancel_reason, counted, required, ledger_number
        """

    @Sendable init(_ row: Row) throws {
        patrolId = try row["patrol_id"]
        organId = try row["organ_id"]
        state = try row["state"]
        let codes: [String] = try row["basis"]
        basis = codes.compactMap(PatrolBasis.init(rawValue:))
        basisReference = try row["basis_reference"]
        plannedBy = try row["planned_by"]
        plannedAt = try row["planned_at"]
        startedBy = try row["started_by"]
        startedAt = try row["started_at"]
        week = try row["week"]
        closedBy = try row["closed_by"]
        closedAt = try row["closed_at"]
        cancelReason = try row["cancel_reason"]
        counted = try row["counted"]
        required = try row["required"]
        ledgerNumber = try row["ledger_number"]
    }
}

/// A canteen chosen for a patrol.
struct VisitRecord: Hashable, Sendable {
    var visitId: VisitID
    var canteenId: CanteenID
    var counts: Bool?

    @Sendable init(_ row: Row) throws {
        visitId = try row["visit_id"]
        canteenId = try row["canteen_id"]
        counts = try row["counts"]
    }
}

extension PostgresExecutor {
    func patrol(_ id: PatrolID) async throws -> PatrolRecord? {
        try await first("SELECT \(PatrolRecord.columns) FROM patrol WHERE patrol_id = \(id)", PatrolRecord.init)
    }

    func visits(of patrol: PatrolID) async throws -> [VisitRecord] {
        try await query(
            "SELECT visit_id, canteen_id, counts FROM visit WHERE patrol_id = \(patrol) ORDER BY position",
            VisitRecord.init)
    }

    func patrols(of organ: OrganID, limit: Int, offset: Int) async throws -> [PatrolRecord] {
        try await query(
            """
            SELECT \(PatrolRecord.columns) FROM patrol WHERE organ_id = \(organ)
            ORDER BY planned_at DESC, patrol_id DESC LIMIT \(limit) OFFSET \(offset)
            """, PatrolRecord.init)
    }

    func patrolCount(of organ: OrganID) async throws -> Int {
        try await first("SELECT count(*) AS n FROM patrol WHERE organ_id = \(organ)") { try $0["n"] as Int } ?? 0
    }

    func openPatrols(of organ: OrganID) async throws -> [PatrolRecord] {
        try await query(
            """
            SELECT \(PatrolRecord.columns) FROM patrol WHERE organ_id = \(organ) AND state IN ('planned', 'in_progress')
            ORDER BY planned_at DESC
            """, PatrolRecord.init)
    }
}

extension PostgresTransaction {
    /// The row stays locked until the transaction ends: commands on one patrol run one after the other.
    func lockPatrol(_ id: PatrolID) async throws -> PatrolRecord? {
        try await first(
            "SELECT \(PatrolRecord.columns) FROM patrol WHERE patrol_id = \(id) FOR UPDATE", PatrolRecord.init)
    }

    func addVisits(_ canteens: [(id: CanteenID, pick: Pick)], to patrol: PatrolID) async throws {
        let last =
            try await first("SELECT coalesce(max(position), 0) AS n FROM visit WHERE patrol_id = \(patrol)") {
                try $0["n"] as Int
            } ?? 0
        for (index, canteen) in canteens.enumerated() {
            try await execute(
                """
                INSERT INTO visit (visit_id, patrol_id, canteen_id, position, pick)
                VALUES (\(VisitID.new()), \(patrol), \(canteen.id), \(last + index + 1), \(json: canteen.pick))
                ON CONFLICT (patrol_id, canteen_id) DO NOTHING
                """)
        }
    }
}
