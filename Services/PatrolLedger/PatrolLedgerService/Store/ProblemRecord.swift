import Calendar
import Contracts
import Postgres

/// A problem as it stands.
struct ProblemRecord: Hashable, Sendable {
    var problemId: ProblemID
    var canteenId: CanteenID
    var schoolId: SchoolID
    var origin: ProblemOrigin
    var organId: OrganID?
    var enforcementOrganId: OrganID?
    var patrolId: PatrolID?
    var zone: ZoneCode
    var itemCode: String
    var itemText: String
    var severity: Int
    var description: String
    var state: ProblemState
    var foundBy: PersonID
    var foundAt: Instant
    var notifiedAt: Instant?
    var acknowledgeBy: Instant
    var rectifyBy: Instant
    var deadlineProvisional: Bool
    var acknowledgedAt: Instant?
    var rectifiedBy: PersonID?
    var closedAt: Instant?
    var outcome: ProblemOutcome?
    /// Number of the complaint or feedback it came from.
    var reference: String?
    var recurrenceOf: ProblemID?
    var linkedProblemId: ProblemID?
    var endReason: String?
    var extendedAt: Instant?
    var overdueAt: Instant?
    var withdrawalBy: PersonID?
    var withdrawalReason: String?

    static let columns: SQL = """
        p.problem_id, p.canteen_id, p.school_id, p.origin, p.organ_id, p.enforcement_organ_id, p.patrol_id, p.zone, p.item_code,
        p.item_text, p.severity, p.description, p.state, p.found_by, p.found_at, p.notified_at, p.acknowledge_by, p.rectify_by,
        p.deadline_provisional, p.acknowledged_at, p.rectified_by, p.closed_at, p.outcome,
        p.reference, p.recurrence_of, p.linked_problem_id, p.end_reason, p.extended_at, p.overdue_at, p.withdrawal_by,
        p.withdrawal_reason
        """

    @Sendable init(_ row: Row) throws {
        problemId = try row["problem_id"]
        canteenId = try row["canteen_id"]
        schoolId = try row["school_id"]
        origin = try row["origin"]
        organId = try row["organ_id"]
        enforcementOrganId = try row["enforcement_organ_id"]
        patrolId = try row["patrol_id"]
        zone = try row["zone"]
        itemCode = try row["item_code"]
        itemText = try row["item_text"]
        severity = try row["severity"]
        description = try row["description"]
        state = try row["state"]
        foundBy = try row["found_by"]
        foundAt = try row["found_at"]
        notifiedAt = try row["notified_at"]
        acknowledgeBy = try row["acknowledge_by"]
        rectifyBy = try row["rectify_by"]
        deadlineProvisional = try row["deadline_provisional"]
        acknowledgedAt = try row["acknowledged_at"]
        rectifiedBy = try row["rectified_by"]
        closedAt = try row["closed_at"]
        outcome = try row["outcome"]
        reference = try row["reference"]
        recurrenceOf = try row["recurrence_of"]
        linkedProblemId = try row["linked_problem_id"]
        endReason = try row["end_reason"]
        extendedAt = try row["extended_at"]
        overdueAt = try row["overdue_at"]
        withdrawalBy = try row["withdrawal_by"]
        withdrawalReason = try row["withdrawal_reason"]
    }

    var lifecycle: ProblemLifecycle {
        ProblemLifecycle(
            state: state, severity: severity, rectifiedBy: rectifiedBy, origin: origin, isExtended: extendedAt != nil,
            withdrawalBy: withdrawalBy)
    }

    /// Computed, not a state. Never on a provisional deadline, never while the organ is the one to act.
    func isOverdue(at now: Instant) -> Bool {
        state.waitsForSchool && !deadlineProvisional && now > rectifyBy
    }
}

/// One round of a school's rectification.
struct RectificationRecord: Hashable, Sendable {
    var round: Int
    var cause: String?
    var measure: String
    var prevention: String
    var submittedBy: PersonID
    var submittedAt: Instant
    var decision: String?
    var decidedAt: Instant?
    var reason: String?

    @Sendable init(_ row: Row) throws {
        round = try row["round"]
        cause = try row["cause"]
        measure = try row["measure"]
        prevention = try row["prevention"]
        submittedBy = try row["submitted_by"]
        submittedAt = try row["submitted_at"]
        decision = try row["decision"]
        decidedAt = try row["decided_at"]
        reason = try row["reason"]
    }
}

/// One line of a problem's timeline.
struct ProblemStepRecord: Hashable, Sendable {
    var step: ProblemStep
    var actor: String
    var at: Instant
    var note: String?

    @Sendable init(_ row: Row) throws {
        step = try row["step"]
        actor = try row["actor"]
        at = try row["at"]
        note = try row["note"]
    }
}

extension PostgresExecutor {
    func problem(_ id: ProblemID) async throws -> ProblemRecord? {
        try await first("SELECT \(ProblemRecord.columns) FROM problem p WHERE p.problem_id = \(id)", ProblemRecord.init)
    }

    /// The latest problem of the same item and canteen that ended rectified since then: what comes now is a re-occurrence.
    func earlierProblem(_ canteen: CanteenID, item: String, since: Instant) async throws -> ProblemID? {
        try await first(
            """
            SELECT problem_id FROM problem WHERE canteen_id = \(canteen) AND item_code = \(item)
                AND closed_at >= \(since) AND outcome = 'rectified' ORDER BY closed_at DESC LIMIT 1
            """
        ) { try $0["problem_id"] as ProblemID }
    }

    func problems(ofPatrol patrol: PatrolID) async throws -> [ProblemRecord] {
        try await query(
            "SELECT \(ProblemRecord.columns) FROM problem p WHERE p.patrol_id = \(patrol) ORDER BY p.found_at, p.problem_id",
            ProblemRecord.init)
    }

    func rectifications(of problem: ProblemID) async throws -> [RectificationRecord] {
        try await query(
            """
            SELECT round, cause, measure, prevention, submitted_by, submitted_at, decision, decided_at, reason
            FROM rectification WHERE problem_id = \(problem) ORDER BY round
            """, RectificationRecord.init)
    }

    func steps(of problem: ProblemID) async throws -> [ProblemStepRecord] {
        try await query(
            "SELECT step, actor, at, note FROM problem_step WHERE problem_id = \(problem) ORDER BY number",
            ProblemStepRecord.init)
    }
}

extension PostgresTransaction {
    func lockProblem(_ id: ProblemID) async throws -> ProblemRecord? {
        try await first(
            "SELECT \(ProblemRecord.columns) FROM problem p WHERE p.problem_id = \(id) FOR UPDATE", ProblemRecord.init)
    }

    /// A problem rests on the evidence from now on.
    func attach(
        _ evidence: EvidenceID, to problem: ProblemID, purpose: String = "finding", round: Int = 0, actor: String,
        at now: Instant
    ) async throws {
        try await execute(
            """
            INSERT INTO problem_evidence (problem_id, evidence_id, purpose, round)
            VALUES (\(problem), \(evidence), \(purpose), \(round))
            """)
        try await appendCustody(.attached, evidence, actor: actor, at: now, note: problem.rawValue)
    }

    /// The problem's row is locked or new, so the running number has no race.
    func appendStep(
        _ step: ProblemStep, to problem: ProblemID, actor: String, at now: Instant, note: String? = nil
    ) async throws {
        try await execute(
            """
            INSERT INTO problem_step (problem_id, number, step, actor, at, note)
            SELECT \(problem), coalesce(max(number), 0) + 1, \(step), \(actor), \(now), \(note)
            FROM problem_step WHERE problem_id = \(problem)
            """)
    }
}
