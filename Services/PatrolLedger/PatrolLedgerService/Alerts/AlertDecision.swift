import Access
import Calendar
import Contracts
import Journal
import Postgres

/// What an officer decides about an alert.
struct AlertDecision: Codable, Hashable, Sendable {
    var outcome: AlertOutcome
    /// Required unless confirmed.
    var reason: String?
    /// Confirmed: the item it is (default: that of the code table). False alarm: another finding on the occasion.
    var itemCode: String?
    /// nil = the class of the code table; may only be raised.
    var severity: Int?
    var description: String?
}

extension PatrolDesk {
    private struct DecisionNote: Codable, Sendable {
        var alertId: AlertID
        var outcome: AlertOutcome
        var problemId: ProblemID?
    }

    /// 人工核实. Confirmed: it becomes a problem with its origin. False positive: with a reason, and with another finding
    /// where the look showed one. A decision is final.
    func decide(_ id: AlertID, _ decision: AlertDecision, by caller: Caller) async throws -> ProblemID? {
        try screenReason(decision.reason)
        try screenReason(decision.description, field: "description", maximum: 2000)
        let now = clock.now()
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let found = try await transaction.first(
                "SELECT \(AlertRecord.columns) FROM device_alert a WHERE a.alert_id = \(id) FOR UPDATE",
                AlertRecord.init)
            guard let alert = found, let canteen = try await transaction.canteen(alert.canteenId),
                AccessPolicy().decide(caller.principal, .runPatrol, on: canteen.resource) == .allowed
            else { throw Self.noAlert }
            guard alert.state == .waiting else {
                throw Refusal.conflict("already_decided", zh: "该告警已经核实", en: "This alert is decided already")
            }
            let reason = decision.reason?.trimmingWhitespace ?? ""
            guard decision.outcome == .confirmed || !reason.isEmpty else {
                throw Refusal.input("reason_required", field: "reason", zh: "请说明原因", en: "Please say why")
            }
            let problem = try await finding(decision, alert, canteen, officer, now, transaction)
            let kept = reason.isEmpty ? nil : reason
            try await transaction.execute(
                """
                UPDATE device_alert SET state = \(AlertRecord.State(decision.outcome)), decided_by = \(officer.person),
                    decided_at = \(now), reason = \(kept), problem_id = \(problem)
                WHERE alert_id = \(id)
                """)
            if alert.told {
                try await transaction.publish(
                    AlertDecided(
                        alertId: id, canteenId: alert.canteenId, schoolId: alert.schoolId, outcome: decision.outcome,
                        reason: kept, problemId: problem, decidedAt: now),
                    caller.context, occurredAt: now)
            } else {
                try await transaction.record(
                    "brightkitchen.patrol.alert.judged.v1", subject: alert.canteenId.rawValue,
                    data: DecisionNote(alertId: id, outcome: decision.outcome, problemId: problem), caller.context,
                    occurredAt: now)
            }
            return problem
        }
    }

    private func finding(
        _ decision: AlertDecision, _ alert: AlertRecord, _ canteen: CanteenRecord, _ officer: Officer, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> ProblemID? {
        let own = alert.code.flatMap { alertCodes.code($0) }
        let isConfirmed = decision.outcome == .confirmed
        let wanted = decision.itemCode ?? (isConfirmed ? own?.item(in: alert.zone) : nil)
        guard let wanted else {
            guard !isConfirmed else {
                throw Refusal.input(
                    "item_required", field: "item_code", zh: "代码表中没有这个告警代码，请选择检查项目",
                    en: "The code table does not know this code: choose the checklist item")
            }
            return nil
        }
        guard decision.outcome != .unknown else {
            throw Refusal.input(
                "finding_not_allowed", field: "item_code", zh: "无法判断时不能登记问题",
                en: "No finding where nothing could be told")
        }
        guard let item = checklist.item(wanted) else {
            throw Refusal.input("unknown_item", field: "item_code", zh: "没有这个检查项目", en: "There is no such item")
        }
        guard decision.severity.map({ (1...item.severity).contains($0) }) ?? true else {
            throw Refusal.input(
                "severity_lowered", field: "severity", zh: "问题等级只能调高，不能低于默认等级",
                en: "The class may only be raised above the default")
        }
        let text = decision.description?.trimmingWhitespace ?? ""
        guard isConfirmed || !text.isEmpty else {
            throw Refusal.input("missing", field: "description", zh: "请描述情况", en: "Please describe it")
        }
        let said = own?.textZh ?? alert.vendorCode
        let severity = decision.severity ?? (isConfirmed ? alert.severity.map { min($0, item.severity) } : nil)
        let finding = ItemFinding(
            code: item.code, result: .violation, note: text.isEmpty ? "智能告警经人工核实属实：\(said)" : text,
            severity: severity)
        // What the machine showed is evidence of the problem; only now is it told of.
        let pictures = try await transaction.evidence(ofAlert: alert.alertId)
        try await transaction.publish(
            pictures.map { $0.event as any Event }, officer.caller.context, occurredAt: now)
        let raised = try await raise(
            ProblemDraft(finding: finding, item: item, evidence: pictures),
            from: ProblemSource(
                origin: .aiAlert, organId: officer.organ.organId, reference: alert.alertId.rawValue,
                foundBy: officer.person, context: officer.caller.context),
            canteen: canteen, at: now, transaction)
        try await transaction.publish(raised.event, officer.caller.context, occurredAt: now)
        return raised.event.problemId
    }

    /// The alert and its canteen for somebody who may see it; a school sees what it was told or what was confirmed.
    func readAlert(_ id: AlertID, for caller: Caller) async throws -> AlertListing {
        let visible = try await visibleAlerts(caller)
        let found = try await pool.first(
            """
            SELECT \(AlertRecord.columns), c.name AS canteen_name, c.school_name
            FROM device_alert a JOIN canteen c USING (canteen_id) WHERE a.alert_id = \(id) AND \(visible)
            """
        ) { row in
            AlertListing(
                alert: try AlertRecord(row), canteenName: try row["canteen_name"], schoolName: try row["school_name"])
        }
        guard let found else { throw Self.noAlert }
        return found
    }

    /// Pictures of an alert that the caller may see: regulators always, the school once the alert was confirmed.
    func pictures(of alert: AlertID, for caller: Caller) async throws -> [EvidenceRecord] {
        var visible: [EvidenceRecord] = []
        for evidence in try await pool.evidence(ofAlert: alert) {
            do {
                visible.append(try await visibleEvidence(evidence.evidenceId, caller).evidence)
            } catch let refusal as Refusal where refusal.kind == .notFound {
                continue
            }
        }
        return visible
    }

    /// The condition under which the caller sees alerts, on `device_alert a JOIN canteen c`.
    func visibleAlerts(_ caller: Caller) async throws -> SQL {
        let principal = caller.principal
        guard AccessPolicy().decide(principal, .seeProblem, intent: .read) == .allowed else { throw Self.roleRefused }
        var organ: OrganRecord?
        if let id = principal.organId { organ = try await pool.organ(id) }
        let isKnownOutside: SQL = "(a.told OR a.state = 'confirmed')"
        switch principal.role {
        case .cityRegulator, .countyRegulator, .stationOfficer:
            guard let organ else { throw Self.roleRefused }
            return organ.area
        case .auditor: return "true"
        case .educationOfficer, .hrOfficer:
            guard let organ else { throw Self.roleRefused }
            let supervised: SQL = "c.supervising_organ_id = \(organ.organId)"
            guard organ.level == .city else { return "(\(supervised) AND \(isKnownOutside))" }
            return """
                ((\(supervised) OR c.supervising_department = \(organ.department)
                    AND left(c.division_code, 4) = \(String(organ.divisionCode.prefix(4)))) AND \(isKnownOutside))
                """
        default:
            guard let school = principal.schoolId else { throw Self.roleRefused }
            return "(a.school_id = \(school) AND \(isKnownOutside))"
        }
    }

    static let noAlert = Refusal.notFound("没有这个告警", "There is no such alert")
}
