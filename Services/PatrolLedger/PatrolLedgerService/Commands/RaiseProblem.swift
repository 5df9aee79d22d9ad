import Calendar
import Contracts
import Journal
import Postgres

/// A violation about to become a problem.
struct ProblemDraft: Sendable {
    var zone: ZoneCode
    var itemCode: String
    var itemText: String
    var severity: Int
    var description: String
    var evidence: [EvidenceRecord]

    init(finding: ItemFinding, item: Checklist.Item, evidence: [EvidenceRecord]) {
        zone = item.zone
        itemCode = item.code
        itemText = item.textZh
        severity = finding.severity ?? item.severity
        description = finding.note ?? item.textZh
        self.evidence = evidence
    }

    /// 摄像机信号丢失 of a whole canteen.
    init(deviceFault item: Checklist.Item, cameras: Int) {
        zone = item.zone
        itemCode = item.code
        itemText = item.textZh
        severity = item.severity
        description = "巡查时该食堂全部 \(cameras) 路摄像机均无信号"
        evidence = []
    }
}

/// A problem that was written down, with the event that tells of it.
struct RaisedProblem: Sendable {
    var event: ProblemFound
    var notifiedAt: Instant
}

/// Where a problem comes from: one life cycle for every origin (art 2).
struct ProblemSource: Sendable {
    var origin: ProblemOrigin
    /// Organ that found it; nil for a self-check or a machine.
    var organId: OrganID?
    var patrolId: PatrolID?
    /// Number of the complaint or feedback.
    var reference: String?
    /// Pseudonymous person, or the name of the system that raised it.
    var foundBy: PersonID
    var context: EventContext

    /// Found by an officer in a patrol.
    init(patrol: PatrolRecord, officer: PatrolDesk.Officer) {
        origin = .patrol
        organId = officer.organ.organId
        patrolId = patrol.patrolId
        foundBy = officer.person
        context = officer.caller.context
    }

    init(
        origin: ProblemOrigin, organId: OrganID? = nil, reference: String? = nil, foundBy: PersonID,
        context: EventContext
    ) {
        self.origin = origin
        self.organId = organId
        self.reference = reference
        self.foundBy = foundBy
        self.context = context
    }
}

extension PatrolDesk {
    /// Writes the problem, found and notified in one step: publishing `problem.found` is the notice to the enforcement
    /// officer and to the school. The caller publishes the event, so that it can keep several in one statement.
    func raise(
        _ draft: ProblemDraft, from source: ProblemSource, canteen: CanteenRecord, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> RaisedProblem {
        let deadlines = try ProblemDeadlines(
            severity: draft.severity, notifiedAt: now, rules: rules, calendar: calendar)
        let earlier = try await transaction.earlierProblem(
            canteen.canteenId, item: draft.itemCode, since: now - .seconds(rules.recurrenceDays * 86_400))
        let event = ProblemFound(
            problemId: .new(), canteenId: canteen.canteenId, schoolId: canteen.schoolId, origin: source.origin,
            organId: source.organId, enforcementOrganId: canteen.enforcementOrganId, patrolId: source.patrolId,
            zone: draft.zone, itemCode: draft.itemCode, itemText: draft.itemText, severity: draft.severity,
            description: draft.description, evidence: draft.evidence.map(\.reference), foundAt: now,
            acknowledgeBy: deadlines.acknowledgeBy, rectifyBy: deadlines.rectifyBy, recurrenceOf: earlier)
        try await transaction.execute(
            """
            INSERT INTO problem (problem_id, canteen_id, school_id, origin, organ_id, enforcement_organ_id, patrol_id, zone,
                item_code, item_text, severity, description, state, found_by, found_at, notified_at, acknowledge_by, rectify_by,
                deadline_provisional, reference, recurrence_of)
            VALUES (\(event.problemId), \(event.canteenId), \(event.schoolId), \(event.origin), \(event.organId),
                \(event.enforcementOrganId), \(event.patrolId), \(event.zone), \(event.itemCode), \(event.itemText),
                \(event.severity), \(event.description), \(ProblemState.notified), \(source.foundBy), \(now), \(now),
                \(event.acknowledgeBy), \(event.rectifyBy), \(deadlines.isProvisional), \(source.reference), \(earlier))
            """)
        let actor = source.context.actor.rawValue
        for evidence in draft.evidence {
            try await transaction.attach(evidence.evidenceId, to: event.problemId, actor: actor, at: now)
        }
        try await transaction.appendStep(.found, to: event.problemId, actor: actor, at: now)
        if let earlier {
            try await transaction.appendStep(
                .recurred, to: event.problemId, actor: actor, at: now, note: earlier.rawValue)
        }
        try await transaction.appendStep(.notified, to: event.problemId, actor: actor, at: now)
        return RaisedProblem(event: event, notifiedAt: now)
    }
}
