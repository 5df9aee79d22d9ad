import Access
import Calendar
import Contracts
import HummingbirdTesting
import Journal
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Automatic bulletins by rule: who gets what, tried before it counts, changed by two persons.
@Suite(.timeLimit(.minutes(3))) struct BulletinRuleTests {
    typealias Test = ServiceTest<NotificationService>

    static let secondPerson = Principal(
        personId: PersonID("person-second"), role: .cityRegulator, organId: TestPersons.cityOrgan, organLevel: .city,
        department: .marketSupervision, divisionCode: "440700")

    struct Answer: Decodable {
        let version: Int
        let content: BulletinRuleSet
    }

    struct DryRun: Decodable {
        struct Warning: Decodable, Hashable {
            let rule: String
            let warning: String
        }
        struct Item: Decodable {
            struct Outcome: Decodable {
                let rule: String?
                let receivers: [String]
            }
            let before: Outcome
            let after: Outcome
        }
        let events: Int
        let changed: Int
        let unanswered: Int
        let warnings: [Warning]
        let items: [Item]
        let total: Int
    }

    struct Trial: Encodable {
        var content: BulletinRuleSet?
        var from: String?
        var to: String?
    }

    struct Wish: Encodable {
        var baseVersion = 1
        var content: BulletinRuleSet
        var reason = "按市局会议决定"
    }

    struct Proposed: Decodable {
        let approvalId: String
        let contentSha256: String
    }

    struct Decision: Encodable {
        let decision = "approve"
        let contentSha256: String
    }

    private static let rules = "/notification/v1/bulletin-rules"

    private func problem(
        _ id: String = "problem-1", severity: Int = 2, origin: ProblemOrigin = .patrol, finder: OrganID? = nil,
        recurrence: ProblemID? = nil, canteen: String = "canteen-1"
    ) -> ProblemFound {
        var found = City.problem(ProblemID(id), canteen: CanteenID(canteen))
        found.severity = severity
        found.origin = origin
        found.organId = finder
        found.recurrenceOf = recurrence
        return found
    }

    private func overdue(_ found: ProblemFound, _ feed: Feed, id: EventID = .new()) async throws {
        let event = ProblemOverdue(
            problemId: found.problemId, canteenId: found.canteenId, schoolId: found.schoolId,
            severity: found.severity, rectifyBy: found.rectifyBy, overdueAt: found.rectifyBy + .seconds(60))
        let received = feed.received(event, id: id, at: event.overdueAt)
        let service = feed.service
        try await feed.client.pool.transaction { try await service.desk.overdue(received, $0) }
    }

    @Test func aCaterersBreachReportedByASchoolReachesTheCityAndTheCountyHasIt() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry(
                City.organs,
                [City.canteen(type: .caterer, department: .marketSupervision, supervisor: nil, isCaterer: true)])
            try await feed.found(problem(origin: .catererCheck))
            let issued = try await feed.published(BulletinIssued.self)
            #expect(issued.map(\.receivingOrganId) == [TestPersons.cityOrgan])
            let bulletin = try #require(issued.first)
            #expect(bulletin.topic.name == "brightkitchen.bulletins.market-supervision.v1")
            #expect(bulletin.rule == "1/caterer" && bulletin.role == .main)
            for person in [TestPersons.city, TestPersons.county] {
                let page = try await client.page("/notification/bulletins/\(bulletin.bulletinId)", as: person)
                #expect(page.status == .ok)
            }
        }
    }

    @Test func aSeriousProblemTakesTheFastPath() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(problem(severity: 1))
            let issued = try await feed.published(BulletinIssued.self)
            #expect(Set(issued.map(\.receivingOrganId)) == [TestPersons.educationOrgan, TestPersons.cityOrgan])
            #expect(issued.allSatisfy { $0.urgency == .mostUrgent && $0.number == "440703-TB-2026-000001" })
            #expect(issued.first { $0.receivingOrganId == TestPersons.cityOrgan }?.role == .copy)
            let id = try #require(issued.first?.bulletinId)
            let page = try await client.page("/notification/bulletins/\(id)", as: TestPersons.education)
            #expect(page.text.contains("特急") && page.text.contains("抄送：江门市市场监督管理局"))
        }
    }

    @Test func overdueAndRepeatedProblemsAreReportedOnceEach() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let found = problem(recurrence: ProblemID("problem-0"))
            try await feed.found(found)
            let id = EventID.new()
            for _ in 0..<3 { try await overdue(found, feed, id: id) }
            let issued = try await feed.published(BulletinIssued.self)
            #expect(issued.map(\.cause) == [.repeatedProblem, .problemOverdue])
            #expect(issued.allSatisfy { $0.rule == "1/pressing" && $0.urgency == .urgent })
            #expect(issued.first?.facts.contains("90 日内办结后再次发生") == true)
            #expect(issued.last?.title?.contains("逾期未整改") == true)
            let inbox = try await client.page("/notification/inbox", as: TestPersons.principal)
            #expect(inbox.text.contains("整改逾期"))
        }
    }

    @Test func threeFindingsAndAChangeOfClassInAnyOrderAreOneThreadWithTheFinalClass() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let found = problem()
            let changed = ProblemSeverityChanged(
                problemId: found.problemId, canteenId: found.canteenId, schoolId: found.schoolId,
                previousSeverity: 2, severity: 1, reason: "复核", acknowledgeBy: found.foundAt + .seconds(1800),
                rectifyBy: found.foundAt + .seconds(3600), changedAt: found.foundAt + .seconds(60))
            let event = feed.received(changed, at: changed.changedAt)
            try await client.pool.transaction { try await service.desk.changeSeverity(event, $0) }
            let id = try await feed.found(found)
            try await feed.found(found, id: id)
            try await feed.found(found, id: id)
            let severities = try await client.pool.query("SELECT severity, state FROM thread") { row in
                "\(try row["severity"] as Int) \(try row["state"] as String)"
            }
            #expect(severities == ["1 found"])
            #expect(try await feed.published(BulletinIssued.self).count == 1)
        }
    }

    @Test func aDryRunSaysWhoWouldHaveReceivedWhatAndSendsNothing() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            for number in 1...3 { try await feed.found(problem("problem-\(number)", severity: number)) }
            let before = try await feed.published(BulletinIssued.self).count
            var content = BulletinRuleSet.standard
            content.rules.insert(
                BulletinRule(
                    id: "all", name: "全部报市局", triggers: BulletinTrigger.allCases, receivers: [.city]), at: 0)
            let trial = Trial(content: content, from: "2026-11-01", to: "2026-11-30")
            let answer = try await client.post("\(Self.rules)/dry-run", as: TestPersons.city, json: trial)
            let run = try answer.json(DryRun.self)
            #expect(run.events == 3 && run.total == 3 && run.changed == 3 && run.unanswered == 0)
            #expect(run.items.allSatisfy { $0.after.receivers == ["江门市市场监督管理局"] && $0.before.rule != "all" })
            #expect(run.warnings.contains(DryRun.Warning(rule: "all", warning: "matches_everything")))
            #expect(run.warnings.contains(DryRun.Warning(rule: "caterer", warning: "matches_nothing")))
            #expect(run.warnings.contains(DryRun.Warning(rule: "serious", warning: "never_reached")))
            #expect(try await feed.published(BulletinIssued.self).count == before)
            // Last month, October, had none.
            let october = try await client.post("\(Self.rules)/dry-run", as: TestPersons.city, json: Trial())
            #expect(try october.json(DryRun.self).events == 0)
            for (from, to) in [("2026-11-30", "2026-11-01"), ("2025-01-01", "2026-11-01")] {
                let refused = try await client.post(
                    "\(Self.rules)/dry-run", as: TestPersons.city, json: Trial(from: from, to: to))
                #expect(refused.problemCode == "not_a_period")
            }
        }
    }

    @Test func twoPersonsChangeTheRulesAndTheNextEventFollowsThem() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let current = try await client.get(Self.rules, as: TestPersons.city).json(Answer.self)
            #expect(current.version == 1 && current.content == .standard)
            var content = current.content
            content.rules[5].receivers = []
            content.rules[5].name = "一般问题不通报"
            #expect(
                try await client.post(Self.rules, as: TestPersons.county, json: Wish(content: content)).status
                    == .forbidden)
            let answer = try await client.post(Self.rules, as: TestPersons.city, json: Wish(content: content))
            #expect(answer.status == .created, "\(answer.text)")
            let proposed = try answer.json(Proposed.self)
            // Not in force yet.
            try await feed.found(problem("problem-1"))
            #expect(try await feed.published(BulletinIssued.self).count == 1)
            let path = "/notification/v1/approvals/\(proposed.approvalId)/decision"
            let decision = Decision(contentSha256: proposed.contentSha256)
            #expect(try await client.post(path, as: TestPersons.city, json: decision).problemCode == "same_person")
            #expect(try await client.post(path, as: Self.secondPerson, json: decision).status == .ok)
            try await feed.found(problem("problem-2"))
            #expect(try await feed.published(BulletinIssued.self).count == 1)
            try await feed.found(problem("problem-3", severity: 1))
            #expect(try await feed.published(BulletinIssued.self).map(\.rule).last == "2/serious")
            let stale = try await client.post(Self.rules, as: TestPersons.city, json: Wish(content: .standard))
            #expect(stale.problemCode == "rules_changed")
        }
    }

    @Test func faultyRulesAreRefusedByName() async throws {
        try await Test.run { _, client in
            func content(_ change: (inout BulletinRuleSet) -> Void) -> BulletinRuleSet {
                var content = BulletinRuleSet.standard
                change(&content)
                return content
            }
            let bad: [(BulletinRuleSet, String)] = [
                (content { $0.rules = [] }, "not_in_range"), (content { $0.rules[0].id = "Ä b" }, "not_an_id"),
                (content { $0.rules[0].id = $0.rules[1].id }, "duplicate"),
                (content { $0.rules[0].triggers = [] }, "missing"),
                (content { $0.rules[0].severities = [4] }, "not_allowed"),
                (content { $0.rules[0].divisions = ["4407"] }, "not_a_division"),
                (content { $0.rules[0].receivers = [] }, "missing"),
                (content { $0.terms.answerDays = 0 }, "not_in_range"),
            ]
            for (content, code) in bad {
                let answer = try await client.post(Self.rules, as: TestPersons.city, json: Wish(content: content))
                #expect(answer.status == .unprocessableContent && answer.text.contains("\"\(code)\""), "\(code)")
            }
            let unknown = try await client.send(
                .post, Self.rules, as: TestPersons.city, headers: [.contentType: "application/json"],
                body: Array(#"{"base_version":1,"content":{"terms":{},"rules":[]},"reason":"x"}"#.utf8))
            #expect(unknown.status.code == 422 || unknown.status.code == 400)
        }
    }

    @Test func thePagesLeadFromARuleThroughTheDryRunToTheProposal() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(problem())
            client.clock.advance(by: .seconds(10 * 86_400))
            let table = try await client.page("/notification/rules", as: TestPersons.city)
            #expect(table.text.contains("严重问题快速通报"))
            let edit = try await client.page("/notification/rules/edit?rule=standard", as: TestPersons.city)
            #expect(edit.text.contains("value=\"standard\""))
            let fields = [
                ("original", "standard"), ("id", "standard"), ("name", "报市局"), ("position", "6"), ("enabled", "yes"),
                ("triggers", "problem_found"), ("receivers", "city"), ("urgency", "urgent"), ("receipt_days", "1"),
                ("answer_days", "10"), ("escalation_days", "3"), ("step", "put"),
            ]
            let preview = try await client.submit("/notification/rules/preview", as: TestPersons.city, fields)
            #expect(preview.status == .ok && preview.text.contains("江门市市场监督管理局"))
            let wrong = try await client.submit(
                "/notification/rules/preview", as: TestPersons.city, fields.filter { $0.0 != "name" })
            #expect(wrong.status == .unprocessableContent)
            var content = BulletinRuleSet.standard
            content.terms.answerDays = 8
            let text = String(decoding: try BrightJSON.encode(content), as: UTF8.self)
            let sent = try await client.submit(
                "/notification/rules", as: TestPersons.city,
                [("content", text), ("base", "1"), ("reason", "缩短答复期限")])
            #expect(sent.headers[.location] == "/notification/approvals")
            let waiting = try await client.page("/notification/approvals", as: Self.secondPerson)
            #expect(waiting.text.contains("答复 8 个工作日"))
            #expect(try await client.page("/notification/rules", as: TestPersons.county).status == .forbidden)
        }
    }
}
