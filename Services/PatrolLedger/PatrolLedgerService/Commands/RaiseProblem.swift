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

extension PatrolDesk {
    /// Writes the problem, found and notified in one step: publishing `problem.found` is the notice to the enforcement
    /// officer and to the school. The caller publishes the event, so that it can keep several in one statement.
    func raise(
        _ draft: ProblemDraft, patrol: PatrolRecord, canteen: CanteenRecord, officer: Officer, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> RaisedProblem {
        let deadlines = try ProblemDeadlines(
            severity: draft.severity, notifiedAt: now, rules: rules, calendar: calendar)
        let event = ProblemFound(
            problemId: .new(), canteenId: canteen.canteenId, schoolId: canteen.schoolId, origin: .patrol,
            organId: officer.organ.organId, enforcementOrganId: canteen.enforcementOrganId, patrolId: patrol.patrolId,
            zone: draft.zone, itemCode: draft.itemCode, itemText: draft.itemText, severity: draft.severity,
            description: draft.description, evidence: draft.evidence.map(\.reference), foundAt: now,
            acknowledgeBy: deadlines.acknowledgeBy, rectifyBy: deadlines.rectifyBy)
        try await transaction.execute(
            """
            INSERT INTO problem (problem_id, canteen_id, school_id, origin, organ_id, enforcement_organ_id, patrol_id, zone,
                item_code, item_text, severity, description, state, found_by, found_at, notified_at, acknowledge_by, rectify_by,
                deadline_provisional)
            VALUES (\(event.problemId), \(event.canteenId), \(event.schoolId), \(event.origin), \(event.organId),
                \(event.enforcementOrganId), \(event.patrolId), \(event.zone), \(event.itemCode), \(event.itemText),
                \(event.severity), \(event.description), \(ProblemState.notified), \(officer.person), \(now), \(now),
                \(event.acknowledgeBy), \(event.rectifyBy), \(deadlines.isProvisional))
            """)
        for evidence in draft.evidence {
            try await transaction.execute(
                """
                INSERT INTO problem_evidence (problem_id, evidence_id, purpose)
                VALUES (\(event.problemId), \(evidence.evidenceId), 'finding')
                """)
        }
        let actor = officer.caller.context.actor.rawValue
        try await transaction.appendStep(.found, to: event.problemId, actor: actor, at: now)
        try await transaction.appendStep(.notified, to: event.problemId, actor: actor, at: now)
        return RaisedProblem(event: event, notifiedAt: now)
    }
}
