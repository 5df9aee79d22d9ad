import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// What an organ decides about a problem, the overdue ladder and re-occurrence.
struct ProblemDecisionTests {
    private struct Body: Encodable {
        var reason: String?
        var severity: Int?
        var until: String?
        var problemId: String?
    }

    private func post(
        _ world: PatrolWorld, _ problem: ProblemID, _ action: String, as person: Principal, _ body: Body
    ) async throws -> String {
        let answer = try await world.client.post(
            "/patrol/api/v1/problems/\(problem)/\(action)", as: person, json: body)
        return answer.status == .noContent ? "done" : answer.problemCode ?? "\(answer.status.code)"
    }

    private func view(_ world: PatrolWorld, _ problem: ProblemID) async throws -> ProblemView {
        try await world.client.get("/patrol/api/v1/problems/\(problem)", as: TestPersons.station)
            .json(ProblemView.self)
    }

    private func rectify(_ world: PatrolWorld, _ problem: ProblemID) async throws {
        try await world.service.desk.submitRectification(
            RectificationEntry(cause: "c", measure: "m", prevention: "p"), problem,
            by: world.caller(TestPersons.principal))
        try await world.service.desk.accept(problem, by: world.caller(TestPersons.station))
    }

    @Test func classAndDeadlineAreChangedByTheOrganOnly() async throws {
        try await PatrolWorld.run { world in
            let (problem, _, _) = try await world.problemWithEvidence()
            let before = try await view(world, problem)
            let station = TestPersons.station
            #expect(
                try await post(world, problem, "severity", as: TestPersons.principal, Body(reason: "r", severity: 3))
                    == "forbidden")
            #expect(
                try await post(world, problem, "severity", as: station, Body(reason: "r", severity: 4))
                    == "unknown_class")
            #expect(try await post(world, problem, "severity", as: station, Body(severity: 1)) == "reason_required")
            #expect(
                try await post(world, problem, "severity", as: station, Body(reason: "涉及直接入口食品", severity: 1)) == "done"
            )
            let raised = try await view(world, problem)
            #expect(raised.severity == 1 && raised.rectifyBy < before.rectifyBy)
            let told = try #require(try await world.events(ProblemSeverityChanged.self).first)
            #expect(told.previousSeverity == 2 && told.severity == 1 && told.rectifyBy == raised.rectifyBy)

            #expect(
                try await post(
                    world, problem, "extension", as: TestPersons.principal, Body(reason: "r", until: "2026-12-01"))
                    == "forbidden")
            #expect(
                try await post(world, problem, "extension", as: station, Body(reason: "r", until: "2026-11-23"))
                    == "extension_out_of_range")
            #expect(
                try await post(world, problem, "extension", as: station, Body(reason: "r", until: "2027-03-01"))
                    == "extension_out_of_range")
            #expect(
                try await post(world, problem, "extension", as: station, Body(reason: "设备到货延迟", until: "2026-11-27"))
                    == "done")
            #expect(try await view(world, problem).rectifyBy.rfc3339.hasPrefix("2026-11-27T23:59:59"))
            #expect(
                try await post(world, problem, "extension", as: station, Body(reason: "r", until: "2026-11-30"))
                    == "already_extended")
        }
    }

    /// Class 1 overdue for more than five days is yellow; a second yellow within six months is red.
    @Test func overdueLadder() async throws {
        try await PatrolWorld.run { world in
            let watch = OverdueWatch(desk: world.service.desk, logger: .quiet("watch"))
            let (first, _, _) = try await world.problemWithEvidence(severity: 1)
            #expect(try await watch.look() == 0)
            world.client.clock.advance(by: .seconds(86_400))
            #expect(try await watch.look() == 1)
            #expect(try await watch.look() == 0, "told once")
            #expect(try await world.events(ProblemOverdue.self).map(\.problemId) == [first])
            world.client.clock.advance(by: .seconds(5 * 86_400))
            #expect(try await watch.look() == 1)
            #expect(try await world.events(WarningIssued.self).map(\.level) == ["yellow"])
            try await rectify(world, first)
            #expect(try await world.events(WarningLifted.self).map(\.level) == ["yellow"], "lifted with its problem")

            let (second, _, _) = try await world.problemWithEvidence(item: "Z3-06", severity: 1)
            world.client.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await watch.look() == 1)
            #expect(try await world.events(WarningIssued.self).map(\.level) == ["yellow", "yellow", "red"])
            let red = try #require(try await world.events(WarningIssued.self).last)
            let lift = "/patrol/api/v1/warnings/\(red.warningId)/lift"
            let early = try await world.client.post(lift, as: TestPersons.county, json: Body(reason: "r"))
            #expect(early.problemCode == "problem_open")
            try await rectify(world, second)
            #expect(
                try await world.client.post(lift, as: TestPersons.county, json: Body()).problemCode == "reason_required"
            )
            #expect(
                try await world.client.post(lift, as: TestPersons.otherCounty, json: Body(reason: "r")).status
                    == .notFound)
            #expect(
                try await world.client.post(lift, as: TestPersons.county, json: Body(reason: "复查合格")).status
                    == .noContent)
            let page = try await world.client.page("/patrol/warnings", as: TestPersons.principal)
            #expect(page.status == .ok && page.text.contains("红牌") && page.text.contains("复查合格"))
        }
    }

    @Test func sideExitsAreReasonedAndTold() async throws {
        try await PatrolWorld.run { world in
            let (first, _, _) = try await world.problemWithEvidence()
            let (second, evidence, _) = try await world.problemWithEvidence(item: "Z3-06")
            let station = TestPersons.station
            #expect(
                try await post(world, second, "merge", as: station, Body(reason: "同一事实", problemId: second.rawValue))
                    == "no_such_target")
            #expect(
                try await post(world, second, "merge", as: station, Body(problemId: first.rawValue))
                    == "reason_required")
            #expect(
                try await post(world, second, "merge", as: station, Body(reason: "同一事实", problemId: first.rawValue))
                    == "done")
            let merged = try await view(world, second)
            #expect(merged.state == .closed && merged.outcome == .merged && merged.linkedProblemId == first)
            #expect(
                try await view(world, first).evidence.contains { $0.evidenceId == evidence.evidenceId },
                "evidence goes along")

            // Withdrawal: a second person confirms, never the first.
            #expect(try await post(world, first, "withdrawal", as: station, Body(reason: "重复登记")) == "done")
            #expect(try await view(world, first).withdrawalPending)
            #expect(
                try await post(world, first, "withdrawal", as: station, Body(reason: "重复登记")) == "second_person_needed")
            #expect(try await post(world, first, "withdrawal", as: TestPersons.county, Body()) == "done")
            #expect(try await view(world, first).outcome == .withdrawn)
            #expect(
                try await post(world, first, "severity", as: station, Body(reason: "r", severity: 1)) == "problem_state"
            )

            let (third, _, _) = try await world.problemWithEvidence(item: "Z3-05")
            #expect(try await post(world, third, "false-positive", as: station, Body(reason: "是阴影")) == "done")
            let ends = try await world.events(ProblemClosed.self)
            #expect(ends.map(\.outcome) == [.merged, .withdrawn, .falsePositive])
            #expect(ends.map(\.linkedProblemId) == [first, nil, nil])
            #expect(ends.allSatisfy { $0.reason != nil && $0.measure == nil })
        }
    }

    @Test func theSameItemWithin90DaysIsAReoccurrence() async throws {
        try await PatrolWorld.run { world in
            let (first, _, _) = try await world.problemWithEvidence()
            try await rectify(world, first)
            world.client.clock.advance(by: .seconds(80 * 86_400))
            let (second, _, _) = try await world.problemWithEvidence()
            #expect(try await view(world, second).recurrenceOf == first)
            #expect(try await world.events(ProblemFound.self).map(\.recurrenceOf) == [nil, first])
            try await rectify(world, second)
            world.client.clock.advance(by: .seconds(91 * 86_400))
            let (third, _, _) = try await world.problemWithEvidence()
            #expect(try await view(world, third).recurrenceOf == nil)
        }
    }

    private struct Report: Encodable {
        var origin = "complaint"
        var canteenId: String
        var itemCode = "Z1-04"
        var severity: Int?
        var description = "家长反映仓库有老鼠"
        var reference: String? = "12315-2026-0042"
    }

    @Test func problemsOfOtherOriginsEnterTheSameLifeCycle() async throws {
        try await PatrolWorld.run { world in
            func post(_ report: Report, as person: Principal = TestPersons.station) async throws -> String {
                let answer = try await world.client.post("/patrol/api/v1/problems", as: person, json: report)
                return answer.status == .created ? "created" : answer.problemCode ?? "\(answer.status.code)"
            }
            let canteen = world.canteenId(1).rawValue
            #expect(try await post(Report(canteenId: canteen), as: TestPersons.principal) == "forbidden")
            #expect(try await post(Report(canteenId: world.canteenId(101).rawValue)) == "canteen_outside_area")
            #expect(try await post(Report(origin: "patrol", canteenId: canteen)) == "origin_not_allowed")
            #expect(try await post(Report(canteenId: canteen, itemCode: "Z1-99")) == "unknown_item")
            #expect(try await post(Report(canteenId: canteen, severity: 2)) == "severity_lowered")
            #expect(try await post(Report(canteenId: canteen, description: "电话 13812345678")) == "personal_data")
            #expect(try await world.events(ProblemFound.self).isEmpty, "nothing changed")
            #expect(try await post(Report(canteenId: canteen)) == "created")
            let found = try #require(try await world.events(ProblemFound.self).first)
            #expect(found.origin == .complaint && found.severity == 1 && found.patrolId == nil)
            let seen = try await world.client.get(
                "/patrol/api/v1/problems/\(found.problemId)", as: TestPersons.principal)
            #expect(seen.status == .ok)
            let page = try await world.client.submit(
                "/patrol/problems/new", as: TestPersons.station,
                [("origin", "parent"), ("canteen_id", canteen), ("item_code", "Z3-07"), ("description", "食材放地上")])
            #expect(page.status == .seeOther, "\(page.text)")
            let wrong = try await world.client.submit(
                "/patrol/problems/new", as: TestPersons.station, [("origin", "parent"), ("canteen_id", canteen)])
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("name=\"description\""))
        }
    }
}
