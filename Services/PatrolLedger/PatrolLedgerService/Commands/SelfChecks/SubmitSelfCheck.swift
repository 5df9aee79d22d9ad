import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// What became of a submitted self-check.
struct SelfCheckReceipt: Codable, Hashable, Sendable {
    var canteenId: CanteenID
    var period: SelfCheckPeriod
    var firstDay: LocalDate
    var version: Int
    var late: Bool
    var problemIds: [ProblemID]
    var missingReports: [LocalDate]
    var qualityFlags: [SelfCheckFlag]
}

extension PatrolDesk {
    static let noSelfCheck = Refusal.notFound("没有这项自查", "There is no such self-check")

    /// The canteen of a self-check, where the person may do that with it; another school's does not exist.
    func selfCheckCanteen(
        _ key: SelfCheckKey, _ action: Action, intent: Intent = .perform, _ caller: Caller,
        _ executor: some PostgresExecutor
    ) async throws -> CanteenRecord {
        guard let canteen = try await executor.canteen(key.canteenId) else { throw Self.noSelfCheck }
        switch AccessPolicy().decide(caller.principal, action, on: canteen.resource, intent: intent) {
        case .allowed: return canteen
        case .hidden: throw Self.noSelfCheck
        case .denied: throw Self.roleRefused
        }
    }

    /// Submits a report, or a new version of it. Findings become problems that the school itself fixes (art 8).
    func submitSelfCheck(
        _ entry: SelfCheckEntry, _ key: SelfCheckKey, by caller: Caller
    ) async throws -> SelfCheckReceipt {
        let now = clock.now()
        return try await inTransaction { transaction in
            let canteen = try await selfCheckCanteen(key, .publishSchoolItems, caller, transaction)
            try requireRole(caller, key.span.period)
            try checkTimes(entry, key.span, now)
            guard let check = try await transaction.lockSelfCheck(key) else { throw Self.noSelfCheck }
            try requireOwed(check)
            try screen(entry)
            try requireComplete(entry, key, canteen)

            let source = ProblemSource(origin: .selfCheck, foundBy: caller.person, context: caller.context)
            var raised: [any Event] = []
            var findings: [SelfCheckFinding] = []
            for finding in entry.findings ?? [] {
                guard let item = checklist.item(finding.itemCode) else { continue }
                let open = try await transaction.openSelfFound(canteen.canteenId, item: item.code)
                if let open {
                    findings.append(
                        SelfCheckFinding(
                            problemId: open.problemId, zone: item.zone, itemCode: item.code, severity: open.severity))
                    continue
                }
                let row = ItemFinding(
                    code: item.code, result: .violation, note: finding.note, severity: finding.severity)
                let problem = try await raise(
                    ProblemDraft(finding: row, item: item, evidence: []), from: source, canteen: canteen, at: now,
                    transaction)
                raised.append(problem.event)
                findings.append(
                    SelfCheckFinding(
                        problemId: problem.event.problemId, zone: item.zone, itemCode: item.code,
                        severity: problem.event.severity))
            }

            let fingerprint = EvidenceVault.hexDigest(try EventJSON.encode(entry.words))
            let before = try await transaction.identicalReports(before: key, fingerprint: fingerprint)
            let flags = selfCheckRules.flags(run: before + 1, hasText: entry.hasText)
            let missing = try await transaction.missingReports(for: key.span, of: canteen.canteenId)
            let event = SelfCheckSubmitted(
                canteenId: canteen.canteenId, schoolId: canteen.schoolId, period: check.period,
                firstDay: check.firstDay, lastDay: check.lastDay, version: check.version + 1,
                noProblemFound: findings.isEmpty, findings: findings, submittedBy: caller.person,
                role: caller.principal.role, submittedAt: now, enteredAt: entry.enteredAt, late: now > check.dueBy,
                missingReports: missing, identicalRun: before + 1, qualityFlags: flags.map(\.rawValue))
            // The clock has not come by since the period ended: it was missed all the same.
            if event.late, check.state.isOpen,
                SelfCheckDuty.afterDeadline(isProvisional: check.isProvisional, isOffered: check.isOffered) == nil
            {
                raised.append(
                    SelfCheckMissed(
                        canteenId: canteen.canteenId, schoolId: canteen.schoolId, period: check.period,
                        firstDay: check.firstDay, lastDay: check.lastDay, dueBy: check.dueBy))
            }
            try await transaction.insertSelfCheckReport(
                event, content: try EventJSON.encode(entry), fingerprint: fingerprint)
            try await transaction.noteSelfCheckReport(event, key)
            raised.append(event)
            try await transaction.publish(raised, caller.context, occurredAt: now)
            return SelfCheckReceipt(
                canteenId: canteen.canteenId, period: check.period, firstDay: check.firstDay, version: event.version,
                late: event.late, problemIds: findings.map(\.problemId), missingReports: missing, qualityFlags: flags)
        }
    }

    /// Keeps what was entered so far; the platform operator may prepare, a responsible person submits.
    func saveSelfCheckDraft(_ entry: SelfCheckEntry, _ key: SelfCheckKey, by caller: Caller) async throws {
        let now = clock.now()
        try await inTransaction { transaction in
            _ = try await selfCheckCanteen(key, .draftSchoolItems, caller, transaction)
            try checkTimes(entry, key.span, now)
            guard let check = try await transaction.lockSelfCheck(key) else { throw Self.noSelfCheck }
            try requireOwed(check)
            guard check.version == 0 else {
                throw Refusal.conflict(
                    "already_submitted", zh: "本次自查已提交；修改后请再次提交", en: "It is submitted: submit again to change it")
            }
            try screen(entry)
            try await transaction.execute(
                """
                UPDATE self_check s SET draft = \(try EventJSON.encode(entry)), drafted_at = \(now),
                    state = CASE WHEN s.state = 'generated' THEN 'in_progress' ELSE s.state END
                WHERE \(SelfCheckRecord.condition(key))
                """)
        }
    }

    /// An organ has read the report (已阅), with a remark where it has one.
    func reviewSelfCheck(_ key: SelfCheckKey, note: String?, by caller: Caller) async throws {
        try screenReason(note, field: "note", maximum: 500)
        let now = clock.now()
        try await inTransaction { transaction in
            _ = try await selfCheckCanteen(key, .acceptRectification, caller, transaction)
            guard let check = try await transaction.lockSelfCheck(key) else { throw Self.noSelfCheck }
            guard check.version > 0, check.reviewedAt == nil else {
                throw Refusal.conflict(
                    "not_to_review", zh: "没有待阅的自查报告", en: "There is no report that waits for a review")
            }
            try await transaction.execute(
                """
                UPDATE self_check s SET reviewed_by = \(caller.person), reviewed_at = \(now), review_note = \(note),
                    state = CASE WHEN s.state = 'submitted' THEN 'reviewed' ELSE s.state END
                WHERE \(SelfCheckRecord.condition(key))
                """)
        }
    }

    // MARK: refusals

    private func requireRole(_ caller: Caller, _ period: SelfCheckPeriod) throws {
        guard !selfCheckRules.roles(period).contains(caller.principal.role) else { return }
        guard period != .monthly else {
            throw Refusal.forbidden(
                "principal_must_sign", zh: "月调度须由校长（园长）主持并签字",
                en: "The principal presides over and signs the monthly one"
            )
        }
        throw Refusal.forbidden(
            "self_check_role", zh: "该项自查须由食品安全管理人员提交", en: "A food safety administrator submits this self-check")
    }

    private func checkTimes(_ entry: SelfCheckEntry, _ span: SelfCheckSpan, _ now: Instant) throws {
        guard span.firstDay <= LocalDate(now) else {
            throw Refusal.input("future_day", field: "day", zh: "不能填报未来日期的自查", en: "That day has not come yet")
        }
        guard let enteredAt = entry.enteredAt else { return }
        guard enteredAt <= now + .seconds(300) else {
            throw Refusal.input(
                "future_time", field: "entered_at", zh: "填写时间不能晚于现在", en: "It cannot have been filled in in the future")
        }
        guard enteredAt >= span.firstDay.start else {
            throw Refusal.input(
                "before_period", field: "entered_at", zh: "填写时间不能早于自查周期", en: "It was filled in before the period began"
            )
        }
    }

    private func requireOwed(_ check: SelfCheckRecord) throws {
        guard check.state == .exempt else { return }
        throw Refusal.input(
            "closed_day", field: "day", zh: "当日（周期）不供餐，无须自查；如实际供餐，请先更正校历",
            en: "No meals were served then. If they were, correct the school calendar first")
    }

    private func requireComplete(_ entry: SelfCheckEntry, _ key: SelfCheckKey, _ canteen: CanteenRecord) throws {
        let zones = canteen.zones.filter { checklist.zone($0) != nil }
        let faults = entry.faults(key.span.period, zones: zones, checklist: checklist)
        guard faults.isEmpty else { throw SelfCheckIncomplete(faults: faults) }
    }

    /// The words stay for ever: no identity or telephone numbers.
    private func screen(_ entry: SelfCheckEntry) throws {
        guard (entry.findings ?? []).count <= checklist.items.count, (entry.zones ?? []).count <= checklist.zones.count
        else {
            throw Refusal.input("too_many_findings", field: "findings", zh: "检查项目过多", en: "Too many items")
        }
        for finding in entry.findings ?? [] {
            if let note = finding.note {
                try PersonalDataScreen.check(field: "findings.\(finding.itemCode)", text: note)
            }
        }
        if let summary = entry.summary { try PersonalDataScreen.check(field: "summary", text: summary) }
    }
}
