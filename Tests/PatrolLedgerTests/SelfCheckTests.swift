import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// 日管控、周排查、月调度: what is owed, by whom, and what becomes of it (art 8).
struct SelfCheckTests {
    @Test func owedOnDaysWithMealsMissedStaysAndUnknownIsNeither() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            try await world.tellCalendar(1, noMeals: ["2026-11-25"])
            try await world.morning("2026-11-23")
            #expect(try await world.selfCheckState(1, .daily, "2026-11-23") == .generated)
            #expect(try await world.selfCheckState(1, .weekly, "2026-11-23") == .generated)
            #expect(try await world.selfCheckState(1, .monthly, "2026-11-23") == .generated)
            #expect(try await world.selfCheckClock.pass() == 0)
            try await world.morning("2026-11-24")
            try await world.submit(world.clear(), 1, .daily, "2026-11-24")
            try await world.morning("2026-11-26")
            // The day on which it all began was offered, not owed; a day without meals is exempt; the rest is judged.
            #expect(try await world.selfCheckState(1, .daily, "2026-11-23") == .exempt)
            #expect(try await world.selfCheckState(1, .daily, "2026-11-24") == .submitted)
            #expect(try await world.selfCheckState(1, .daily, "2026-11-25") == .exempt)
            try await world.morning("2026-11-28")
            #expect(try await world.selfCheckState(1, .daily, "2026-11-26") == .missed)
            #expect(try await world.selfCheckState(1, .daily, "2026-11-28") == .exempt)
            // Without a school calendar nothing is called missed.
            let unknown = try #require(try await world.client.pool.selfCheck(try world.key(2, .daily, "2026-11-26")))
            #expect(unknown.state == .exempt && unknown.exemption == .calendarUnknown)
            let missed = try await world.events(SelfCheckMissed.self).filter { $0.period == .daily }
            #expect(missed.map(\.firstDay.iso) == ["2026-11-26"])
            // Nobody could report on the 27th, the clock was not there: the task is due a day after it was generated.
            let held = try #require(try await world.client.pool.selfCheck(try world.key(1, .daily, "2026-11-27")))
            #expect(held.state == .generated && held.dueBy == world.client.clock.now() + .seconds(86_400))
            #expect(missed.allSatisfy { $0.canteenId == world.canteenId(1) })

            let late = try await world.submit(world.clear(), 1, .daily, "2026-11-26")
            #expect(late.late)
            let record = try #require(try await world.client.pool.selfCheck(try world.key(1, .daily, "2026-11-26")))
            #expect(record.state == .missed && record.madeUpAt != nil)
            #expect(try await world.events(SelfCheckMissed.self).filter { $0.period == .daily }.count == 1)
            #expect(try await world.events(SelfCheckSubmitted.self).last?.late == true)
        }
    }

    /// The registry corrects the calendar while the day runs: owed, not owed, owed again, each told once.
    @Test func aChangedCalendarExemptsAndOwesAgain() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            try await world.morning("2026-11-24")
            try await world.tellCalendar(1, noMeals: ["2026-11-24"])
            _ = try await world.selfCheckClock.pass()
            #expect(try await world.selfCheckState(1, .daily, "2026-11-24") == .exempt)
            let refusal = try await Refusal.of {
                try await world.submit(world.clear(), 1, .daily, "2026-11-24")
            }
            #expect(refusal?.code == "closed_day" && refusal?.field == "day")
            try await world.tellCalendar(1)
            _ = try await world.selfCheckClock.pass()
            #expect(try await world.selfCheckState(1, .daily, "2026-11-24") == .generated)
            let day = try PatrolWorld.day("2026-11-24")
            let own = world.canteenId(1)
            let due = try await world.events(SelfCheckDue.self).filter { $0.canteenId == own && $0.firstDay == day }
            let exempt = try await world.events(SelfCheckExempt.self).filter {
                $0.canteenId == own && $0.firstDay == day
            }
            #expect(due.filter { $0.period == .daily }.count == 2 && exempt.map(\.reason) == ["no_meal_day"])
        }
    }

    /// A clock in each of two processes: every self-check is generated and told of once.
    @Test func twoClocksGenerateOnce() async throws {
        try await PatrolWorld.run(canteens: 3) { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await world.selfCheckClock.pass() } }
                try await group.waitForAll()
            }
            let due = try await world.events(SelfCheckDue.self)
            #expect(due.count == Set(due.map { "\($0.canteenId) \($0.period)" }).count && due.count == 15)
        }
    }

    @Test func findingsBecomeOneProblemThatASecondPersonOfTheSchoolConfirms() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            try await world.morning("2026-11-24")
            var entry = world.clear()
            entry.zones = [.init(zone: .z3, result: .violation), .init(zone: .z4, result: .notApplicable)]
            entry.findings = [.init(itemCode: "Z3-07", note: "菜筐放在地上")]
            entry.noProblemFound = false
            let first = try await world.submit(entry, 1, .daily, "2026-11-24")
            let again = try await world.submit(entry, 1, .daily, "2026-11-24")
            #expect(first.version == 1 && again.version == 2 && first.problemIds == again.problemIds)
            let id = try #require(first.problemIds.first)
            let found = try await world.events(ProblemFound.self)
            #expect(found.count == 1 && found.first?.origin == .selfCheck && found.first?.organId == nil)
            // Regulators of the area see it, others do not.
            let seen = try await world.client.get("/patrol/api/v1/problems/\(id)", as: TestPersons.station)
            #expect(seen.status == .ok && seen.text.contains("self_check"))
            #expect(
                try await world.client.get("/patrol/api/v1/problems/\(id)", as: TestPersons.otherCounty).status
                    == .notFound)
            let desk = world.service.desk
            try await desk.submitRectification(
                RectificationEntry(cause: "货架不足", measure: "已上架", prevention: "每日检查"), id,
                by: world.caller(TestPersons.safetyLead))
            let own = try await Refusal.of {
                try await desk.confirmRectification(id, by: world.caller(TestPersons.safetyLead))
            }
            #expect(own?.code == "own_work")
            try await desk.confirmRectification(id, by: world.caller(TestPersons.principal))
            #expect(try await world.events(ProblemClosed.self).map(\.problemId) == [id])
        }
    }

    @Test func aWeeklyReportListsTheDailyOnesThatAreMissingAndAMonthlyOneTheWeeklyOnes() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            try await world.tellCalendar(1)
            for day in 23...27 {
                try await world.morning("2026-11-\(day)")
                if day != 25 { try await world.submit(world.clear("day \(day)"), 1, .daily, "2026-11-\(day)") }
            }
            let weekly = try await world.submit(world.clear("本周无风险"), 1, .weekly, "2026-11-27")
            #expect(weekly.missingReports.map(\.iso) == ["2026-11-25"])
            try await world.morning("2026-12-07")
            try await world.morning("2026-12-31")
            let monthly = try await world.submit(
                world.clear("会议纪要"), 1, .monthly, "2026-12-31", as: TestPersons.principal)
            #expect(monthly.missingReports.map(\.iso) == ["2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"])
            let event = try #require(try await world.events(SelfCheckSubmitted.self).last)
            #expect(event.period == .monthly && event.role == .principal)
        }
    }

    @Test func identicalReportsAreFlagged() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            try await world.tellCalendar(1)
            var flags: [[SelfCheckFlag]] = []
            for day in [16, 17, 18, 19, 20] {
                try await world.morning("2026-11-\(day)")
                // A blank more is the same text.
                let text = day == 19 ? "地面已清扫, 无异常" : day.isMultiple(of: 2) ? "一切 正常" : "一切正常"
                flags.append(try await world.submit(world.clear(text), 1, .daily, "2026-11-\(day)").qualityFlags)
            }
            #expect(flags == [[], [], [.copiedText], [], []])
            let last = try #require(try await world.events(SelfCheckSubmitted.self).last)
            #expect(last.identicalRun == 1 && last.qualityFlags.isEmpty)
        }
    }
}
