import Calendar
import Contracts
import Foundation
import Testing

@testable import PatrolLedgerService

/// Rules of the domain that need no database.
struct RuleTests {
    private let rules: RuleSet
    private let checklist: Checklist
    private let calendar: WorkingCalendar

    init() throws {
        rules = try .builtIn()
        checklist = try .builtIn()
        var settings = PatrolLedgerSettings(liveDirectory: "", evidence: .directory(""), ffmpeg: "ffmpeg")
        settings.workdaysDirectory = PatrolWorld.workdays
        calendar = try settings.calendar()
    }

    private func week(_ label: String) throws -> Week { try #require(Week(isoLabel: label)) }

    private func obligation(_ label: String, _ level: OrganLevel, operating: Int) throws -> WeekObligation {
        WeekObligation(week: try week(label), level: level, operating: operating, rules: rules, calendar: calendar)
    }

    @Test func quotasAreThoseOfTheNotice() {
        #expect(rules.id == "jm-2020-232")
        #expect([OrganLevel.city, .county, .station].map(rules.quota) == [8, 5, 2])
        #expect(rules.effectiveFrom.iso == "2020-12-09")
    }

    @Test func checklistHasThe45ItemsOfTheNotice() {
        #expect(checklist.items.count == 45)
        #expect(Set(checklist.items.map(\.code)).count == 45)
        let perZone = [ZoneCode.z1, .z2, .z3, .z4, .z5, .z6].map { checklist.items(of: $0).count }
        #expect(perZone == [4, 5, 8, 13, 9, 6])
        let first = checklist.items.filter { $0.severity == 1 }.map(\.code)
        #expect(first == ["Z1-04", "Z3-08"])
        #expect(
            checklist.items.filter { $0.observable == .no }.map(\.code) == [
                "Z4-04", "Z4-07", "Z5-05", "Z5-06", "Z6-06",
            ])
        #expect(checklist.items.allSatisfy { $0.code.hasPrefix($0.zone.rawValue) })
    }

    /// Scenario 5.
    @Test func effectiveMinimumIsTheNumberOfOperatingCanteens() throws {
        let one = try obligation("2026-W48", .station, operating: 1)
        #expect(one.required == 1 && one.isSatisfied(by: 1) && one.exemption == nil)
        let none = try obligation("2026-W48", .station, operating: 0)
        #expect(none.exemption == .noOperatingCanteen && !none.isSatisfied(by: 0))
        let city = try obligation("2026-W48", .city, operating: 40)
        #expect(city.required == 8 && !city.isSatisfied(by: 7) && city.isSatisfied(by: 8))
    }

    /// Scenario 22 and design card §3.5.
    @Test(arguments: ["2022-W05", "2026-W08"]) func weekWithoutWorkingDayIsExempt(label: String) throws {
        #expect(try obligation(label, .city, operating: 40).exemption == .noWorkingDay)
    }

    @Test(arguments: ["2024-W07", "2024-W40", "2025-W05"]) func weekWithOneWorkingDayIsNotExempt(label: String) throws {
        let obligation = try obligation(label, .city, operating: 40)
        #expect(obligation.exemption == nil && !obligation.isProvisional)
    }

    @Test func unpublishedYearIsProvisionalAndNeverMissed() throws {
        let obligation = try obligation("2027-W10", .city, operating: 40)
        #expect(obligation.isProvisional && obligation.exemption == nil)
        let closing = WeekClosing.decide(
            obligation, registeredAt: try week("2026-W01").start, openPatrolStarts: [], rules: rules,
            now: obligation.week.end)
        #expect(closing == .nothing(.provisional))
        // The week of the turn of the year has working days in 2026: it is certain.
        #expect(try !self.obligation("2026-W53", .city, operating: 40).isProvisional)
    }

    @Test func weekClosingWaitsForNobodyForEver() throws {
        let obligation = try obligation("2026-W47", .station, operating: 3)
        let end = obligation.week.end
        func decide(registered: Instant, open: [Instant] = [], now: Instant) -> WeekClosing {
            WeekClosing.decide(obligation, registeredAt: registered, openPatrolStarts: open, rules: rules, now: now)
        }
        let before = obligation.week.start
        #expect(decide(registered: before, now: end - .seconds(1)) == .nothing(.running))
        #expect(decide(registered: before, now: end) == .missed)
        #expect(decide(registered: before + .seconds(1), now: end) == .nothing(.notObliged))
        let late = end - .seconds(600)
        #expect(decide(registered: before, open: [late], now: end) == .nothing(.patrolOpen))
        #expect(decide(registered: before, open: [late], now: late + .seconds(86_400)) == .missed)
    }

    /// Scenarios 6 and 7, as far as counting goes.
    @Test func oneCanteenEightTimesIsOne() {
        let zone = VisitCount.Zone(zone: .z3, viewedSeconds: 40, isSubmitted: true)
        let visit = VisitCount(canteenId: CanteenID("c"), zones: [zone], isDark: false)
        #expect(VisitCount.distinct(Array(repeating: visit, count: 8), minimumViewSeconds: 30) == [CanteenID("c")])
        var dark = visit
        dark.isDark = true
        #expect(!dark.counts(minimumViewSeconds: 30))
        var short = visit
        short.zones[0].viewedSeconds = 29
        #expect(!short.counts(minimumViewSeconds: 30))
        short.zones[0] = .init(zone: .z3, viewedSeconds: 90, isSubmitted: false)
        short.zones.append(.init(zone: .z4, viewedSeconds: 5, isSubmitted: true))
        #expect(!short.counts(minimumViewSeconds: 30), "the viewed zone is not the submitted one")
    }

    @Test func overlappingLooksCountOnce() throws {
        func at(_ second: Int) -> Instant { Instant(microseconds: Int64(second) * 1_000_000) }
        #expect(ViewIntervals.coveredSeconds([]) == 0)
        #expect(
            ViewIntervals.coveredSeconds([(at(0), at(20)), (at(10), at(30)), (at(40), at(45)), (at(41), at(42))]) == 35)
    }

    @Test func submittedZoneNeedsEveryItem() {
        let evidence = EvidenceID("e")
        func sheet(_ change: (inout [ItemFinding]) -> Void) -> ZoneSheet {
            var findings = checklist.items(of: .z3).map { ItemFinding(code: $0.code, result: .ok) }
            change(&findings)
            return ZoneSheet(zone: .z3, findings: findings)
        }
        func faults(_ sheet: ZoneSheet, viewed: Int = 40, evidence: Set<EvidenceID> = []) -> [ZoneSheet.Fault] {
            sheet.faults(checklist: checklist, viewedSeconds: viewed, evidence: evidence)
        }
        #expect(faults(sheet { _ in }).isEmpty)
        #expect(faults(sheet { $0.removeLast() }) == [.itemMissing("Z3-08")])
        #expect(faults(sheet { $0[0].result = .notObservable }) == [.reasonMissing("Z3-01")])
        #expect(faults(sheet { $0[0].result = .notApplicable }).isEmpty)
        #expect(
            faults(sheet { $0[6].result = .violation }) == [.descriptionMissing("Z3-07"), .evidenceMissing("Z3-07")])
        let told = sheet {
            $0[6] = ItemFinding(code: "Z3-07", result: .violation, note: "筐直接放地上", noEvidenceReason: "画面一闪而过")
        }
        #expect(faults(told).isEmpty)
        let shown = sheet {
            $0[6] = ItemFinding(code: "Z3-07", result: .violation, note: "筐直接放地上", evidenceIds: [evidence])
        }
        #expect(faults(shown) == [.foreignEvidence("Z3-07")])
        #expect(faults(shown, evidence: [evidence]).isEmpty)
        let lowered = sheet {
            $0[6] = ItemFinding(code: "Z3-07", result: .violation, note: "x", severity: 3, evidenceIds: [evidence])
        }
        #expect(faults(lowered, evidence: [evidence]) == [.severityLowered("Z3-07")])
        #expect(faults(sheet { _ in }, viewed: 0).count == 8, "nobody looked: nothing is in order")
        #expect(faults(sheet { $0.append(ItemFinding(code: "Z1-01", result: .ok)) }) == [.unknownItem("Z1-01")])
    }

    @Test func deadlinesFollowTheClass() throws {
        // Wednesday 2026-09-30 10:00; 1–7 October are off, Saturday the 10th is a working day.
        let notified = try #require(Instant(rfc3339: "2026-09-30T10:00:00+08:00"))
        func deadlines(_ severity: Int) throws -> ProblemDeadlines {
            try ProblemDeadlines(severity: severity, notifiedAt: notified, rules: rules, calendar: calendar)
        }
        let first = try deadlines(1)
        #expect(first.acknowledgeBy.rfc3339 == "2026-09-30T10:30:00.000000+08:00")
        #expect(first.rectifyBy.rfc3339 == "2026-09-30T23:59:59.999999+08:00")
        let second = try deadlines(2)
        #expect(second.acknowledgeBy.rfc3339 == "2026-10-08T23:59:59.999999+08:00")
        #expect(second.rectifyBy.rfc3339 == "2026-10-10T23:59:59.999999+08:00")
        #expect(try deadlines(3).rectifyBy.rfc3339 == "2026-10-15T23:59:59.999999+08:00")
        #expect(throws: Refusal.self) { try deadlines(4) }
    }

    @Test func problemGoesThroughItsLifeInOrder() throws {
        var life = ProblemLifecycle(state: .notified, severity: 1, rectifiedBy: nil, origin: .patrol, isExtended: false)
        let school = PersonID("principal")
        let officer = PersonID("officer")
        func steps(_ command: ProblemCommand, _ actor: ProblemActor) throws -> [ProblemStep] {
            try life.steps(for: command, by: actor, rules: rules)
        }
        func code(_ command: ProblemCommand, _ actor: ProblemActor) -> String? {
            do {
                _ = try life.steps(for: command, by: actor, rules: rules)
                return nil
            } catch {
                return error.code
            }
        }
        let full = ProblemCommand.submitRectification(cause: "原因", measure: "措施", prevention: "预防")
        #expect(try steps(.acknowledge, .school(school)) == [.acknowledged])
        #expect(try steps(full, .school(school)) == [.acknowledged, .submitted])
        #expect(code(.accept, .organ(officer)) == "problem_state")
        #expect(code(.accept, .school(school)) == "organ_only")
        #expect(
            code(.submitRectification(cause: " ", measure: "m", prevention: "p"), .school(school)) == "cause_required")
        #expect(
            code(.submitRectification(cause: "c", measure: nil, prevention: "p"), .school(school)) == "measure_required"
        )
        #expect(code(full, .organ(officer)) == "school_only")
        life.severity = 3
        #expect(
            try steps(.submitRectification(cause: nil, measure: "m", prevention: "p"), .school(school)).last
                == .submitted)
        life.state = .submitted
        life.rectifiedBy = school
        #expect(code(.accept, .organ(school)) == "own_work")
        #expect(code(.returnRectification(reason: "  "), .organ(officer)) == "reason_required")
        #expect(try steps(.returnRectification(reason: "照片看不清"), .organ(officer)) == [.returned])
        #expect(try steps(.accept, .organ(officer)) == [.accepted, .closed])
        life.state = .closed
        #expect(code(.acknowledge, .school(school)) == "problem_state")
        #expect(code(.accept, .organ(officer)) == "problem_state")
    }

    @Test func patrolStates() throws {
        #expect(try PatrolState.planned.after(.start) == .inProgress)
        #expect(try PatrolState.inProgress.after(.close(meetsQuota: false)) == .short)
        #expect(try PatrolState.inProgress.after(.close(meetsQuota: true)) == .closed)
        #expect(throws: Refusal.self) { try PatrolState.inProgress.after(.cancel(reason: " ")) }
        for state in [PatrolState.closed, .short, .cancelled] {
            #expect(throws: Refusal.self) { try state.after(.work) }
            #expect(throws: Refusal.self) { try state.after(.close(meetsQuota: true)) }
            #expect(throws: Refusal.self) { try state.after(.cancel(reason: "x")) }
        }
    }

    @Test func riskScoreShowsItsFactors() throws {
        let today = try #require(LocalDate(iso: "2026-11-23"))
        let fresh = RiskScore(
            .init(
                lastVisit: today.adding(days: -3), openProblems: 0, overdueProblems: 0, cameras: 4,
                camerasWithoutSignal: 0, licenceValidTo: today.adding(days: 400)), today: today)
        #expect(fresh.points == 3 && fresh.factors == [.daysSinceVisit(3)])
        let risky = RiskScore(
            .init(
                lastVisit: nil, openProblems: 2, overdueProblems: 1, cameras: 4, camerasWithoutSignal: 1,
                licenceValidTo: today.adding(days: 30)), today: today)
        #expect(risky.points == 100 + 40 + 20 + 10 + 15)
        #expect(risky.factors.count == 5)
    }

    @Test func ledgerNumberIsPadded() {
        #expect(LedgerNumber(organMark: "440784", year: 2026, sequence: 1).description == "440784-2026-000001")
    }

    @Test func byteRanges() {
        #expect(ByteRange("bytes=0-", length: 10).map { [$0.first, $0.last] } == [0, 9])
        #expect(ByteRange("bytes=2-50", length: 10).map { [$0.first, $0.last] } == [2, 9])
        for wrong in ["bytes=10-", "bytes=-5", "bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"] {
            #expect(ByteRange(wrong, length: 10) == nil)
        }
    }

    @Test func playlistIsReadAsFFmpegWritesIt() throws {
        let text = """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:2
            #EXT-X-MEDIA-SEQUENCE:10
            #EXT-X-PROGRAM-DATE-TIME:2026-11-23T09:00:00.250+0800
            #EXTINF:2.000000,
            seg-000010.ts
            #EXTINF:2.000000,
            seg-000011.ts
            #EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:00:04.250Z
            #EXTINF:2.000000,
            ../../etc/passwd
            #EXTINF:1.5,
            seg-000013.ts
            """
        let playlist = LivePlaylist(text)
        #expect(playlist.segments.map(\.name) == ["seg-000010.ts", "seg-000011.ts", "seg-000013.ts"])
        #expect(playlist.segments[1].programTime == Instant(rfc3339: "2026-11-23T09:00:02.250+08:00"))
        #expect(playlist.segments[2].programTime == Instant(rfc3339: "2026-11-23T09:00:06.250+08:00"))
        #expect(playlist.newest(lasting: 3)?.map(\.name) == ["seg-000011.ts", "seg-000013.ts"])
        #expect(playlist.newest(lasting: 9) == nil)
    }
}
