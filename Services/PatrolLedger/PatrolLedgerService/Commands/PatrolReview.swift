import Calendar
import Contracts
import Postgres

/// Everything that was recorded in a patrol, arranged by canteen and zone: what the page shows, what closing counts.
struct PatrolReview: Sendable {
    struct Zone: Sendable {
        var code: ZoneCode
        var cameras: [CameraRecord]
        var viewedSeconds: Int
        /// Recordings that were looked at, beside the live pictures.
        var playbacks: [ViewRecord]
        /// live or playback.
        var mode: String { viewedSeconds == 0 && !playbacks.isEmpty ? "playback" : "live" }
        var sheet: SheetRecord?
    }

    struct Canteen: Sendable {
        var visitId: VisitID
        var canteen: CanteenRecord
        var cameras: [CameraRecord]
        var zones: [Zone]
        var firstView: Instant?

        /// It has cameras, and none of them delivers a picture.
        var isDark: Bool {
            let installed = cameras.filter { $0.status != .pending }
            return !installed.isEmpty && installed.allSatisfy { !$0.delivers }
        }

        var count: VisitCount {
            VisitCount(
                canteenId: canteen.canteenId,
                zones: zones.map {
                    .init(zone: $0.code, viewedSeconds: $0.viewedSeconds, isSubmitted: $0.sheet?.isSubmitted == true)
                }, isDark: isDark || !canteen.countsTowardsQuota)
        }
    }

    var patrol: PatrolRecord
    var canteens: [Canteen]
    var evidence: [EvidenceRecord]

    func countedCanteens(minimumViewSeconds: Int) -> [CanteenID] {
        VisitCount.distinct(canteens.map(\.count), minimumViewSeconds: minimumViewSeconds)
    }

    /// One event per canteen that counts.
    func visitEvents(counted: [CanteenID], organ: OrganID, startedAt: Instant, closedAt: Instant) -> [VisitRecorded] {
        canteens.filter { counted.contains($0.canteen.canteenId) }.map { canteen in
            let sheets = canteen.zones.compactMap(\.sheet).filter(\.isSubmitted)
            func total(_ result: ItemResult) -> Int { sheets.reduce(0) { $0 + $1.sheet.count(result) } }
            return VisitRecorded(
                visitId: canteen.visitId, patrolId: patrol.patrolId, canteenId: canteen.canteen.canteenId,
                organId: organ,
                startedAt: canteen.firstView ?? startedAt, endedAt: sheets.compactMap(\.submittedAt).max() ?? closedAt,
                zones: canteen.zones.filter { $0.viewedSeconds > 0 }.map(\.code), okCount: total(.ok),
                violationCount: total(.violation), notObservableCount: total(.notObservable),
                notApplicableCount: total(.notApplicable))
        }
    }
}

extension PatrolDesk {
    func review(_ patrol: PatrolRecord, _ executor: some PostgresExecutor) async throws -> PatrolReview {
        let visits = try await executor.visits(of: patrol.patrolId)
        let ids = visits.map(\.canteenId)
        let canteens = try await executor.canteens(ids)
        let cameras = try await executor.cameras(of: ids)
        let sheets = try await executor.sheets(of: patrol.patrolId)
        let views = try await executor.views(of: patrol.patrolId)
        let evidence = try await executor.evidence(ofPatrol: patrol.patrolId)
        let arranged = visits.compactMap { visit -> PatrolReview.Canteen? in
            guard let canteen = canteens.first(where: { $0.canteenId == visit.canteenId }) else { return nil }
            let own = cameras.filter { $0.canteenId == visit.canteenId }
            let zones = checklist.zones.map(\.code).filter { code in
                canteen.zones.contains(code) || own.contains { $0.zone == code }
                    || sheets.contains { $0.canteenId == visit.canteenId && $0.zone == code }
            }
            let looks = views.filter { $0.canteenId == visit.canteenId }
            return PatrolReview.Canteen(
                visitId: visit.visitId, canteen: canteen, cameras: own,
                zones: zones.map { code in
                    PatrolReview.Zone(
                        code: code, cameras: own.filter { $0.zone == code },
                        viewedSeconds: looks.seconds(canteen: visit.canteenId, zone: code),
                        playbacks: looks.filter { $0.zone == code && $0.mode == "playback" },
                        sheet: sheets.first { $0.canteenId == visit.canteenId && $0.zone == code })
                }, firstView: looks.filter { $0.mode == "live" }.map(\.startedAt).min())
        }
        return PatrolReview(patrol: patrol, canteens: arranged, evidence: evidence)
    }

    /// The entry of the ledger, complete in itself.
    func ledgerContent(
        _ number: LedgerNumber, _ patrol: PatrolRecord, _ review: PatrolReview, counted: [CanteenID],
        problems: [ProblemFound], _ obligation: WeekObligation, _ officer: Officer, startedAt: Instant,
        closedAt: Instant
    ) -> LedgerContent {
        var patrollers: [PersonID] = []
        for person in [patrol.plannedBy, patrol.startedBy, officer.person].compactMap({ $0 })
        where !patrollers.contains(person) {
            patrollers.append(person)
        }
        return LedgerContent(
            ledgerNumber: number.description, organId: officer.organ.organId, organName: officer.organ.name,
            patrolId: patrol.patrolId, patrollers: patrollers, startedAt: startedAt, closedAt: closedAt,
            recordedLate: closedAt >= obligation.week.end, week: obligation.week.isoLabel, basis: patrol.basis,
            basisReference: patrol.basisReference, checklistVersion: checklist.version, ruleSet: obligation.ruleSet,
            calendarVersion: calendar.version, quota: obligation.quota, required: obligation.required,
            counted: counted.count, meetsQuota: obligation.isSatisfied(by: counted.count),
            canteens: review.canteens.map {
                entry($0, counts: counted.contains($0.canteen.canteenId), review.evidence)
            },
            problems: problems.map { problem in
                LedgerContent.ProblemEntry(
                    problemId: problem.problemId, canteenId: problem.canteenId, zone: problem.zone,
                    itemCode: problem.itemCode, severity: problem.severity, description: problem.description,
                    notifiedAt: problem.foundAt, rectifyBy: problem.rectifyBy, evidence: problem.evidence)
            })
    }

    private func entry(
        _ canteen: PatrolReview.Canteen, counts: Bool, _ evidence: [EvidenceRecord]
    ) -> LedgerContent.CanteenEntry {
        LedgerContent.CanteenEntry(
            canteenId: canteen.canteen.canteenId, name: canteen.canteen.name, schoolName: canteen.canteen.schoolName,
            licenceNumber: canteen.canteen.licenceNumber, counts: counts, allCamerasWithoutSignal: canteen.isDark,
            zones: canteen.zones.filter { $0.viewedSeconds > 0 || $0.sheet != nil || !$0.playbacks.isEmpty }.map {
                zone in
                let isSubmitted = zone.sheet?.isSubmitted == true
                return LedgerContent.ZoneEntry(
                    zone: zone.code, name: checklist.zone(zone.code)?.nameZh ?? zone.code.rawValue,
                    viewedSeconds: zone.viewedSeconds, mode: zone.mode, submitted: isSubmitted,
                    late: zone.sheet.flatMap(LedgerContent.Late.init),
                    playbacks: zone.playbacks.isEmpty ? nil : zone.playbacks.map(LedgerContent.Playback.init),
                    items: isSubmitted ? items(zone.sheet, evidence) : [])
            })
    }

    private func items(_ sheet: SheetRecord?, _ evidence: [EvidenceRecord]) -> [LedgerContent.Item] {
        (sheet?.findings ?? []).compactMap { finding in
            guard let item = checklist.item(finding.code), let result = finding.result else { return nil }
            return LedgerContent.Item(
                code: finding.code, text: item.textZh, result: result, note: finding.note,
                noEvidenceReason: finding.noEvidenceReason,
                severity: result == .violation ? finding.severity ?? item.severity : nil,
                evidence: evidence.filter { finding.evidenceIds.contains($0.evidenceId) }.map(\.reference))
        }
    }
}

extension LedgerContent.Late {
    init?(_ sheet: SheetRecord) {
        guard let entered = sheet.enteredAt, sheet.isLate else { return nil }
        self.init(enteredAt: entered, receivedAt: sheet.receivedAt)
    }
}
