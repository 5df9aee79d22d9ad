import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// What is owed on which day, and every bad input of art 8 with its answer.
struct SelfCheckRuleTests {
    private func calendar() throws -> WorkingCalendar {
        let folder = URL(fileURLWithPath: PatrolWorld.workdays)
        return try WorkingCalendar(
            notices: [try HolidayNotice.read(try Data(contentsOf: folder.appending(path: "2026.json")))])
    }

    @Test func daysWithMeals() throws {
        let calendar = try calendar()
        let known = SchoolCalendar(
            terms: [
                SchoolTerm(
                    name: "t", startsOn: try PatrolWorld.day("2026-09-01"), endsOn: try PatrolWorld.day("2027-01-22"))
            ], noMealDays: [try PatrolWorld.day("2026-11-25")], extraMealDays: [try PatrolWorld.day("2026-11-28")])
        func day(_ text: String, _ school: SchoolCalendar) throws -> SchoolCalendar.Day {
            school.day(try PatrolWorld.day(text), calendar)
        }
        #expect(try day("2026-11-24", known) == .serves(isProvisional: false))
        #expect(try day("2026-11-25", known) == .closed(.noMealDay))
        #expect(try day("2026-11-28", known) == .serves(isProvisional: false))
        #expect(try day("2026-11-29", known) == .closed(.nonWorkingDay))
        #expect(try day("2026-08-31", known) == .closed(.outsideTerm))
        // 国庆 is off, the Saturday worked in exchange is a school day.
        #expect(try day("2026-10-01", known) == .closed(.nonWorkingDay))
        #expect(try day("2026-10-10", known) == .serves(isProvisional: false))
        // A year without a notice, and a school without terms: the weekday stands in and the answer says so.
        #expect(try day("2027-01-04", known) == .serves(isProvisional: true))
        #expect(try day("2026-11-24", SchoolCalendar()) == .serves(isProvisional: true))
    }

    @Test func aPeriodIsOwedWhenOneOfItsDaysServesMeals() throws {
        let calendar = try calendar()
        let holidays = SchoolCalendar(
            terms: [
                SchoolTerm(
                    name: "t", startsOn: try PatrolWorld.day("2026-09-02"), endsOn: try PatrolWorld.day("2027-01-22"))
            ])
        let august = SelfCheckSpan(.monthly, containing: try PatrolWorld.day("2026-08-09"))
        let straddling = SelfCheckSpan(.weekly, containing: try PatrolWorld.day("2026-09-01"))
        #expect(
            SelfCheckDuty(august, operating: true, school: holidays, calendar) == .exempt(.outsideTerm))
        #expect(
            SelfCheckDuty(straddling, operating: true, school: holidays, calendar) == .due(isProvisional: false))
        #expect(
            SelfCheckDuty(straddling, operating: false, school: holidays, calendar) == .exempt(.notOperating))
        #expect(august.lastDay.iso == "2026-08-31" && august.next.lastDay.iso == "2026-09-30")
    }

    private struct Bad: Sendable {
        var code: String
        var field: String
        var change: @Sendable (inout SelfCheckEntry) -> Void
    }

    private static let badEntries: [Bad] = [
        Bad(code: "declaration_missing", field: "no_problem_found") { $0.noProblemFound = nil },
        Bad(code: "missing", field: "zones.Z4") { $0.zones?.removeLast() },
        Bad(code: "unknown_zone", field: "zones.Z1") { $0.zones?.append(.init(zone: .z1, result: .ok)) },
        Bad(code: "duplicate", field: "zones.Z3") { $0.zones?.append(.init(zone: .z3, result: .ok)) },
        Bad(code: "not_allowed", field: "zones.Z3") { $0.zones?[0].result = .notObservable },
        Bad(code: "finding_missing", field: "zones.Z3") { $0.zones?[0].result = .violation },
        Bad(code: "personal_data", field: "summary") { $0.summary = "联系 13800138000" },
        Bad(code: "too_long", field: "summary") { $0.summary = String(repeating: "长", count: 2001) },
        Bad(code: "future_time", field: "entered_at") {
            $0.enteredAt = Instant(rfc3339: "2026-11-24T07:06:00+08:00")
        },
        Bad(code: "before_period", field: "entered_at") {
            $0.enteredAt = Instant(rfc3339: "2026-11-23T23:59:59+08:00")
        },
        Bad(code: "description_missing", field: "findings.Z3-07") { entry in
            entry.noProblemFound = false
            entry.zones?[0].result = .violation
            entry.findings = [.init(itemCode: "Z3-07")]
        },
        Bad(code: "severity_lowered", field: "findings.Z3-07") { entry in
            entry.noProblemFound = false
            entry.zones?[0].result = .violation
            entry.findings = [.init(itemCode: "Z3-07", note: "x", severity: 3)]
        },
        Bad(code: "unknown_item", field: "findings.Z1-01") { entry in
            entry.noProblemFound = false
            entry.findings = [.init(itemCode: "Z1-01", note: "x")]
        },
        Bad(code: "personal_data", field: "findings.Z3-07") { entry in
            entry.noProblemFound = false
            entry.zones?[0].result = .violation
            entry.findings = [.init(itemCode: "Z3-07", note: "身份证 11010519491231002X")]
        },
        Bad(code: "contradiction", field: "no_problem_found") { entry in
            entry.zones?[0].result = .violation
            entry.findings = [.init(itemCode: "Z3-07", note: "x")]
        },
    ]

    @Test func everyBadEntryIsNamedAndNothingChanges() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            try await world.morning("2026-11-24")
            let path = try world.selfCheckPath(1, .daily, "2026-11-24")
            for bad in Self.badEntries {
                var entry = world.clear()
                bad.change(&entry)
                let answer = try await world.client.post(path, as: TestPersons.safetyLead, json: entry)
                #expect(answer.status == .unprocessableContent, "\(bad.code) \(bad.field) \(answer.text)")
                #expect(answer.problemCode == bad.code, "\(bad.field) \(answer.text)")
                #expect(answer.text.contains("\"\(bad.field)\""), "\(answer.text)")
            }
            let tomorrow = try world.selfCheckPath(1, .daily, "2026-11-25")
            let early = try await world.client.post(tomorrow, as: TestPersons.safetyLead, json: world.clear())
            #expect(early.status == .unprocessableContent && early.problemCode == "future_day")
            // Before self-checks began, and a Tuesday that begins no week.
            for unknown in [
                try world.selfCheckPath(1, .daily, "2026-11-20"),
                "/patrol/api/v1/self-checks/canteen-1/weekly/2026-11-24",
            ] {
                let answer = try await world.client.post(unknown, as: TestPersons.safetyLead, json: world.clear())
                #expect(answer.status == .notFound)
            }
            let foreign = try await world.client.post(path, as: TestPersons.otherPrincipal, json: world.clear())
            #expect(foreign.status == .notFound)
            #expect(try await world.client.pool.selfCheckReports(try world.key(1, .daily, "2026-11-24")).isEmpty)
            #expect(try await world.selfCheckState(1, .daily, "2026-11-24") == .generated)
            #expect(try await world.events(SelfCheckSubmitted.self).isEmpty)
        }
    }

    @Test func theMonthlyOneIsSignedByThePrincipalAndTheOperatorOnlyPrepares() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            let monthly = try world.selfCheckPath(1, .monthly, "2026-11-23")
            let minutes = world.clear("会议纪要")
            let lead = try await world.client.post(monthly, as: TestPersons.safetyLead, json: minutes)
            #expect(lead.status == .forbidden && lead.problemCode == "principal_must_sign")
            let empty = try await world.client.post(monthly, as: TestPersons.principal, json: world.clear())
            #expect(empty.status == .unprocessableContent && empty.problemCode == "missing")
            #expect(
                try await world.client.post(monthly, as: TestPersons.principal, json: minutes).status == .created)
            let daily = try world.selfCheckPath(1, .daily, "2026-11-23")
            let token = try await world.client.post(daily, as: TestPersons.platformOperator, json: world.clear())
            #expect(token.status == .forbidden)
            let key = try world.key(1, .daily, "2026-11-23")
            try await world.service.desk.saveSelfCheckDraft(
                world.clear("草稿"), key, by: world.caller(TestPersons.platformOperator))
            #expect(try await world.selfCheckState(1, .daily, "2026-11-23") == .inProgress)
            // Somebody of an organ sees that it was begun, not what was typed.
            let seen = try await world.client.get(daily, as: TestPersons.county)
            #expect(seen.status == .ok && seen.text.contains("in_progress") && !seen.text.contains("草稿"))
            #expect(try await world.client.get(daily, as: TestPersons.platformOperator).text.contains("草稿"))
        }
    }

    @Test func aRepeatedSubmissionIsOneReportAndAnotherBodyIsRefused() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            let path = try world.selfCheckPath(1, .daily, "2026-11-23")
            var entry = world.clear()
            entry.enteredAt = Instant(rfc3339: "2026-11-23T06:30:00+08:00")
            for _ in 0..<2 {
                let answer = try await world.client.post(
                    path, as: TestPersons.safetyLead, json: entry, headers: [.idempotencyKey: "key-1"])
                #expect(answer.status == .created && answer.text.contains("\"version\":1"))
            }
            let other = try await world.client.post(
                path, as: TestPersons.safetyLead, json: world.clear("x"), headers: [.idempotencyKey: "key-1"])
            #expect(other.status == .conflict && other.problemCode == "idempotency_key_reused")
            let event = try #require(try await world.events(SelfCheckSubmitted.self).first)
            #expect(event.enteredAt == entry.enteredAt && event.submittedAt == world.client.clock.now())
            #expect(try await world.events(SelfCheckSubmitted.self).count == 1)
        }
    }
}
