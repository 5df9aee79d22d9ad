import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// A zone's checklist as sent by page or program.
struct SheetEntry: Codable, Hashable, Sendable {
    var findings: [ItemFinding]
    /// Codes of violations that the school and the officer are to be told of at once (及时通知), not at submission.
    var notifyNow: [String]?
    /// When it was filled in on the device, where the device tells; nil = as it came in.
    var enteredAt: Instant?
}

extension PatrolDesk {
    /// Keeps what was entered so far. A submitted sheet is changed only by submitting it again: an autosave that comes
    /// late must not turn it into a draft (409 `sheet_submitted`; the same content once more changes nothing).
    func saveDraft(
        _ entry: SheetEntry, patrol: PatrolID, canteen: CanteenID, zone: ZoneCode, by caller: Caller
    ) async throws {
        try screen(entry)
        let now = clock.now()
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let running = try await runningPatrol(patrol, officer, transaction)
            _ = try await visitedCanteen(canteen, in: patrol, transaction)
            let sheet = try sheet(entry, zone)
            let stored = try await transaction.sheets(of: patrol).first { $0.canteenId == canteen && $0.zone == zone }
            if let stored, stored.isSubmitted {
                guard Self.isSame(stored.findings, sheet.findings) else {
                    throw Refusal.conflict(
                        "sheet_submitted", zh: "本区域检查表已提交；修改后请再次点击“提交本区域”",
                        en: "This zone's checklist is submitted: submit it again to change it")
                }
                return
            }
            let times = try times(entry, sheet, stored, running, now)
            try await transaction.saveSheet(
                patrol: patrol, canteen: canteen, sheet: sheet, by: officer.person, at: now, submitted: false,
                times: times)
        }
    }

    /// Submits the zone: every item has a result, violations have evidence or say why not. Throws `SheetIncomplete` with
    /// all faults at once. Violations named in `notifyNow` become problems in the same transaction.
    func submitSheet(
        _ entry: SheetEntry, patrol: PatrolID, canteen canteenId: CanteenID, zone: ZoneCode, by caller: Caller
    ) async throws {
        try screen(entry)
        let now = clock.now()
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let record = try await runningPatrol(patrol, officer, transaction)
            let canteen = try await visitedCanteen(canteenId, in: patrol, transaction)
            let sheet = try sheet(entry, zone)
            let evidence = try await transaction.evidence(ofPatrol: patrol).filter {
                $0.canteenId == canteenId && $0.zone == zone
            }
            let seconds = try await transaction.views(of: patrol).seconds(canteen: canteenId, zone: zone)
            let faults = sheet.faults(
                checklist: checklist, viewedSeconds: seconds, evidence: Set(evidence.map(\.evidenceId)))
            guard faults.isEmpty else { throw SheetIncomplete(faults: faults) }
            let before = try await transaction.sheets(of: patrol).first { $0.canteenId == canteenId && $0.zone == zone }
            let times = try times(entry, sheet, before, record, now)
            try await transaction.saveSheet(
                patrol: patrol, canteen: canteenId, sheet: sheet, by: officer.person, at: now, submitted: true,
                times: times)
            let notifyNow = Set(entry.notifyNow ?? [])
            let stored = try await transaction.sheets(of: patrol).first { $0.canteenId == canteenId && $0.zone == zone }
            let urgent = sheet.findings.filter {
                $0.result == .violation && notifyNow.contains($0.code) && stored?.problemIds[$0.code] == nil
            }
            for finding in urgent {
                guard let item = checklist.item(finding.code) else { continue }
                let draft = ProblemDraft(
                    finding: finding, item: item,
                    evidence: evidence.filter { finding.evidenceIds.contains($0.evidenceId) })
                let problem = try await raise(
                    draft, from: ProblemSource(patrol: record, officer: officer), canteen: canteen, at: now, transaction
                )
                try await transaction.publish(problem.event, caller.context, occurredAt: now)
                try await transaction.linkFinding(
                    patrol: patrol, canteen: canteenId, item: finding.code, to: problem.event.problemId)
            }
        }
    }

    /// When it was filled in and when it came in. What is already here (a draft, saved in time) keeps its times: only
    /// content that is new is late.
    private func times(
        _ entry: SheetEntry, _ sheet: ZoneSheet, _ stored: SheetRecord?, _ patrol: PatrolRecord, _ now: Instant
    ) throws -> SheetTimes {
        if let entered = entry.enteredAt {
            guard entered <= now + .seconds(300) else {
                throw Refusal.input(
                    "future_time", field: "entered_at", zh: "填写时间不能晚于现在",
                    en: "It cannot have been filled in in the future")
            }
            guard entered >= (patrol.startedAt ?? entered) - .seconds(300) else {
                throw Refusal.input(
                    "before_patrol", field: "entered_at", zh: "填写时间不能早于巡查开始",
                    en: "It was filled in before the patrol began")
            }
        }
        if let stored, Self.isSame(stored.findings, sheet.findings) {
            return SheetTimes(enteredAt: stored.enteredAt, receivedAt: stored.receivedAt)
        }
        return SheetTimes(enteredAt: entry.enteredAt.map { min($0, now) }, receivedAt: now)
    }

    /// Rows without a result say nothing; the order of rows does not matter.
    private static func isSame(_ left: [ItemFinding], _ right: [ItemFinding]) -> Bool {
        func rows(_ findings: [ItemFinding]) -> [ItemFinding] {
            findings.filter { $0.result != nil }.sorted { $0.code < $1.code }
        }
        return rows(left) == rows(right)
    }

    private func sheet(_ entry: SheetEntry, _ zone: ZoneCode) throws -> ZoneSheet {
        guard checklist.zone(zone) != nil else { throw Refusal.notFound("没有该区域的检查表", "This zone has no checklist") }
        let known = Set(checklist.items(of: zone).map(\.code))
        let unknown = entry.findings.filter { !known.contains($0.code) }
        guard unknown.isEmpty else { throw SheetIncomplete(faults: unknown.map { .unknownItem($0.code) }) }
        return ZoneSheet(zone: zone, findings: entry.findings)
    }

    /// Notes go into the journal and stay for ever: no identity or telephone numbers, bounded length.
    private func screen(_ entry: SheetEntry) throws {
        guard entry.findings.count <= checklist.items.count else {
            throw Refusal.input("too_many_findings", field: "findings", zh: "检查项目过多", en: "Too many items")
        }
        for finding in entry.findings {
            for (name, text) in [("note", finding.note), ("no_evidence_reason", finding.noEvidenceReason)] {
                guard let text else { continue }
                let field = "\(name).\(finding.code)"
                guard text.count <= 500 else {
                    throw Refusal.input("too_long", field: field, zh: "每项说明不得超过 500 字", en: "At most 500 characters")
                }
                try PersonalDataScreen.check(field: field, text: text)
            }
        }
    }
}
