import Calendar
import Contracts
import Journal
import Postgres

/// What became of a patrol.
struct ClosedPatrol: Codable, Hashable, Sendable {
    var patrolId: PatrolID
    var state: PatrolState
    var ledgerNumber: String
    var counted: Int
    var required: Int
    var problemIds: [ProblemID]
}

extension PatrolDesk {
    /// Submits and closes the patrol: visits, problems, the week and the numbered ledger entry in one transaction.
    func close(_ id: PatrolID, by caller: Caller) async throws -> ClosedPatrol {
        let now = clock.now()
        return try await inTransaction { transaction in
            try await book.refresh(transaction)
            let officer = try await officer(caller, transaction)
            let patrol = try await runningPatrol(id, officer, transaction)
            guard let startedAt = patrol.startedAt, now - startedAt <= .seconds(rules.longestPatrolHours * 3600) else {
                throw Refusal.conflict(
                    "patrol_too_long", zh: "巡查不得超过 \(rules.longestPatrolHours) 小时，请注明原因取消后重新巡查",
                    en: "A patrol may last \(rules.longestPatrolHours) hours at most: cancel it with a reason")
            }
            let review = try await review(patrol, transaction)
            guard review.canteens.contains(where: { $0.isDark || $0.zones.contains { $0.sheet?.isSubmitted == true } })
            else {
                throw Refusal.conflict(
                    "nothing_recorded", zh: "尚未提交任何区域的检查表", en: "No zone's checklist has been submitted yet")
            }
            let drafts = review.canteens.flatMap { $0.zones.compactMap(\.sheet) }.filter { !$0.isSubmitted }
            guard !drafts.contains(where: { $0.findings.contains { $0.result == .violation } }) else {
                throw Refusal.conflict(
                    "draft_violation", zh: "有区域记录了问题但检查表尚未提交，请先提交该区域",
                    en: "A zone with a violation is still a draft: submit its checklist first")
            }
            let week = Week(containing: startedAt)
            // A patrol is judged by the version that was in force on the Monday of its week.
            let rules = book.rules(on: week.monday)
            let obligation = WeekObligation(
                week: week, level: officer.organ.level,
                operating: try await transaction.operatingCanteens(in: officer.organ),
                rules: rules, calendar: calendar)
            let counted = review.countedCanteens(minimumViewSeconds: rules.minimumViewSeconds)
            let meetsQuota = obligation.isSatisfied(by: counted.count)
            let state = try patrol.state.after(.close(meetsQuota: meetsQuota))

            var raised = try await raiseProblems(review, patrol, officer, now, transaction)
            let visits = review.visitEvents(
                counted: counted, organ: officer.organ.organId, startedAt: startedAt, closedAt: now)
            var events: [any Event] = review.evidence.map(\.event)
            events += raised.map { $0.event as any Event }
            events += visits.map { $0 as any Event }
            try await transaction.publish(events, caller.context, occurredAt: now)
            raised = try await withEarlierProblems(raised, of: id, transaction)
            try await writeVisits(review, counted: counted, on: LocalDate(startedAt), transaction)

            let number = try await transaction.takeLedgerNumber(organ: officer.organ, year: LocalDate(now).year)
            let content = ledgerContent(
                number, patrol, review, counted: counted, problems: raised.map(\.event), obligation, officer,
                startedAt: startedAt, closedAt: now)
            let bytes = try EventJSON.encode(content)
            let hash = EvidenceVault.hexDigest(bytes)
            try await transaction.appendLedgerEntry(
                number, organ: officer.organ.organId, patrol: id, content: bytes, hash: hash, at: now)
            try await transaction.execute(
                """
                UPDATE patrol SET state = \(state), closed_by = \(officer.person), closed_at = \(now),
                    counted = \(counted.count), required = \(obligation.required), ledger_number = \(number.description)
                WHERE patrol_id = \(id)
                """)
            let problemIds = raised.map(\.event.problemId)
            var organEvents: [any Event] = [
                LedgerAppended(
                    organId: officer.organ.organId, ledgerNumber: number.description, patrolId: id, contentHash: hash),
                PatrolClosed(
                    patrolId: id, organId: officer.organ.organId, week: week.isoLabel,
                    basis: patrol.basis.map(\.rawValue),
                    startedAt: startedAt, closedAt: now, canteenIds: counted, problemIds: problemIds,
                    ledgerNumber: number.description, meetsQuota: meetsQuota),
            ]
            if meetsQuota,
                let satisfied = try await satisfyWeek(
                    obligation, patrol: id, officer, visited: counted.count, now, transaction)
            {
                organEvents.append(satisfied)
            }
            let entries = try await transaction.publish(organEvents, caller.context, occurredAt: now)
            if let appended = entries.first {
                try await transaction.execute(
                    "INSERT INTO ledger_seal (ledger_number, event_id) VALUES (\(number.description), \(appended))")
            }
            return ClosedPatrol(
                patrolId: id, state: state, ledgerNumber: number.description, counted: counted.count,
                required: obligation.required, problemIds: problemIds)
        }
    }

    /// The event when this patrol is the one that does the week's task; nil when the week had been decided before. A
    /// missed week stays missed, the patrol is noted beside it.
    private func satisfyWeek(
        _ obligation: WeekObligation, patrol: PatrolID, _ officer: Officer, visited: Int, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> WeekSatisfied? {
        let organ = officer.organ.organId
        let isFirst = try await transaction.decide(
            obligation, organ: organ, status: .satisfied, visited: visited, patrol: patrol,
            calendarVersion: calendar.version, at: now)
        guard isFirst else {
            try await transaction.noteMadeUp(obligation.week, organ: organ, patrol: patrol)
            return nil
        }
        return WeekSatisfied(
            organId: organ, week: obligation.week.isoLabel, patrolId: patrol, required: obligation.required,
            visited: visited, ruleSet: obligation.ruleSet)
    }

    /// Problems of this submission: violations that were not notified before, and a device fault for every canteen
    /// whose cameras were all without signal and that has none open.
    private func raiseProblems(
        _ review: PatrolReview, _ patrol: PatrolRecord, _ officer: Officer, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> [RaisedProblem] {
        var raised: [RaisedProblem] = []
        for canteen in review.canteens {
            for sheet in canteen.zones.compactMap(\.sheet) where sheet.isSubmitted {
                for finding in sheet.findings
                where finding.result == .violation && sheet.problemIds[finding.code] == nil {
                    guard let item = checklist.item(finding.code) else { continue }
                    let draft = ProblemDraft(
                        finding: finding, item: item,
                        evidence: review.evidence.filter { finding.evidenceIds.contains($0.evidenceId) })
                    let problem = try await raise(
                        draft, from: ProblemSource(patrol: patrol, officer: officer), canteen: canteen.canteen, at: now,
                        transaction)
                    try await transaction.linkFinding(
                        patrol: patrol.patrolId, canteen: canteen.canteen.canteenId, item: finding.code,
                        to: problem.event.problemId)
                    raised.append(problem)
                }
            }
            if canteen.isDark, try await !hasOpenDeviceFault(canteen.canteen.canteenId, transaction) {
                let draft = ProblemDraft(deviceFault: checklist.deviceFault, cameras: canteen.cameras.count)
                raised.append(
                    try await raise(
                        draft, from: ProblemSource(patrol: patrol, officer: officer), canteen: canteen.canteen, at: now,
                        transaction))
            }
        }
        return raised
    }

    private func hasOpenDeviceFault(_ canteen: CanteenID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.first(
            """
            SELECT 1 AS one FROM problem WHERE canteen_id = \(canteen) AND item_code = \(checklist.deviceFault.code)
                AND state <> 'closed' LIMIT 1
            """
        ) { try $0["one"] as Int } != nil
    }

    /// Problems notified while the patrol was running belong to its ledger entry too.
    private func withEarlierProblems(
        _ raised: [RaisedProblem], of patrol: PatrolID, _ transaction: PostgresTransaction
    ) async throws -> [RaisedProblem] {
        let known = Set(raised.map(\.event.problemId))
        var all: [RaisedProblem] = []
        for problem in try await transaction.problems(ofPatrol: patrol) where !known.contains(problem.problemId) {
            let evidence = try await transaction.evidence(ofProblem: problem.problemId).filter {
                $0.purpose == "finding"
            }
            all.append(RaisedProblem(problem, evidence: evidence.map(\.evidence)))
        }
        return all + raised
    }

    private func writeVisits(
        _ review: PatrolReview, counted: [CanteenID], on day: LocalDate, _ transaction: PostgresTransaction
    ) async throws {
        for canteen in review.canteens {
            let counts = counted.contains(canteen.canteen.canteenId)
            try await transaction.execute(
                """
                UPDATE visit SET counts = \(counts), counted_on = \(counts ? day : nil) WHERE visit_id = \(canteen.visitId)
                """)
        }
    }
}

extension RaisedProblem {
    fileprivate init(_ problem: ProblemRecord, evidence: [EvidenceRecord]) {
        event = ProblemFound(
            problemId: problem.problemId, canteenId: problem.canteenId, schoolId: problem.schoolId,
            origin: problem.origin,
            organId: problem.organId, enforcementOrganId: problem.enforcementOrganId, patrolId: problem.patrolId,
            zone: problem.zone, itemCode: problem.itemCode, itemText: problem.itemText, severity: problem.severity,
            description: problem.description, evidence: evidence.map(\.reference), foundAt: problem.foundAt,
            acknowledgeBy: problem.acknowledgeBy, rectifyBy: problem.rectifyBy)
        notifiedAt = problem.notifiedAt ?? problem.foundAt
    }
}
