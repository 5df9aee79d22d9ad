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

/// Bulletins by hand: what is refused, and the whole life of one from the draft to its end.
@Suite(.timeLimit(.minutes(3))) struct BulletinLifeTests {
    typealias Test = ServiceTest<NotificationService>

    struct Wish: Encodable {
        var cause: String? = "蓬江区实验小学食堂食品安全问题"
        var facts: String? = "巡查发现砧板生熟混用。"
        var requirement: String? = "请督促整改。"
        var answerDays: Int? = 5
        var canteenIds = ["canteen-1"]
        var problemIds: [String] = []
        var receiverIds = [TestPersons.educationOrgan.rawValue]
        var copyIds: [String] = []
        var corrects: String?
    }

    struct Answered: Decodable {
        struct Recipient: Decodable {
            let organId: OrganID
            let role: BulletinRole
            let answerBy: Instant?
            let answeredLate: Bool
            let urgedTimes: Int
            let escalatedAt: Instant?
        }
        let bulletinId: BulletinID
        let state: String
        let number: String?
        let deadlinesProvisional: Bool
        let correctedByNumber: String?
        let recipients: [Recipient]?
    }

    private struct Created: Decodable { let bulletinId: BulletinID }
    private struct Nothing: Encodable {}
    private struct Words: Encodable {
        var answer: String?
        var note: String?
    }

    private static let base = "/notification/bulletins"

    /// The year 2026 as the State Council published it, as far as these tests count.
    private static let calendar = CalendarLoaded(
        calendar: "working-days", calendarVersion: "1", publishedYears: [2026], loadedYears: [2026],
        daysOff: [LocalDate(daysSinceEpoch: 20728)], workingDays: [LocalDate(daysSinceEpoch: 20736)],
        papers: ["https://www.gov.cn/"], loadedAt: Test.monday)

    private func prepared(
        _ body: @escaping @Sendable (Feed, ServiceClient) async throws -> Void
    ) async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await client.pool.transaction { try await HolidayStore.save(Self.calendar, $0) }
            try await body(feed, client)
        }
    }

    private func draft(
        _ wish: Wish, _ client: ServiceClient
    ) async throws -> BulletinID {
        let answer = try await client.post(Self.base, as: TestPersons.county, json: wish)
        #expect(answer.status == .created, "\(answer.text)")
        return try answer.json(Created.self).bulletinId
    }

    private func issue(_ id: BulletinID, as person: Principal, _ client: ServiceClient) async throws {
        let answer = try await client.post("\(Self.base)/\(id)/issue", as: person, json: Nothing())
        #expect(answer.status == .noContent, "\(answer.text)")
    }

    private func read(
        _ id: BulletinID, as person: Principal, _ client: ServiceClient
    ) async throws -> Answered {
        try await client.get("\(Self.base)/\(id)", as: person).json(Answered.self)
    }

    private func act(
        _ verb: String, _ id: BulletinID, as person: Principal, _ words: Words, _ client: ServiceClient
    ) async throws -> TestResponse {
        try await client.post("\(Self.base)/\(id)/\(verb)", as: person, json: words)
    }

    @Test func everyBadInputIsRefusedByItsNameAndNothingIsWritten() async throws {
        try await prepared { feed, client in
            try await feed.canteen(City.canteen(CanteenID("canteen-2")))
            try await feed.found(City.problem(canteen: CanteenID("canteen-2")))
            let bad: [(Wish, String)] = [
                (Wish(cause: nil), "missing"), (Wish(cause: "  "), "missing"), (Wish(facts: nil), "missing"),
                (Wish(requirement: nil), "missing"), (Wish(facts: "联系 13812345678"), "personal_data"),
                (Wish(facts: String(repeating: "字", count: 3001)), "too_long"),
                (Wish(answerDays: 0), "not_in_range"), (Wish(canteenIds: []), "missing"),
                (Wish(canteenIds: ["nowhere"]), "unknown_canteen"),
                (Wish(problemIds: ["problem-1"]), "problem_of_another_canteen"),
                (Wish(receiverIds: []), "missing"),
                (Wish(receiverIds: [TestPersons.hrOrgan.rawValue]), "no_jurisdiction"),
                (Wish(receiverIds: [TestPersons.otherCountyOrgan.rawValue]), "no_jurisdiction"),
                (Wish(receiverIds: ["nobody"]), "no_jurisdiction"),
                (Wish(copyIds: [TestPersons.educationOrgan.rawValue]), "receiver_twice"),
                (Wish(corrects: "nothing"), "not_correctable"),
            ]
            for (wish, code) in bad {
                let answer = try await client.post(Self.base, as: TestPersons.county, json: wish)
                #expect(answer.status == .unprocessableContent, "\(code): \(answer.text)")
                #expect(answer.text.contains("\"\(code)\""), "\(code): \(answer.text)")
            }
            // The organs that would have jurisdiction are named.
            let answer = try await client.post(
                Self.base, as: TestPersons.county, json: Wish(receiverIds: [TestPersons.hrOrgan.rawValue]))
            #expect(answer.text.contains(TestPersons.educationOrgan.rawValue))
            #expect(
                try await client.post(Self.base, as: TestPersons.education, json: Wish()).status == .forbidden)
            #expect(
                try await client.post(Self.base, as: TestPersons.otherCounty, json: Wish()).status
                    == .unprocessableContent)
            let drafts = try await client.pool.query("SELECT 1 AS one FROM bulletin WHERE state = 'draft'") { row in
                try row["one"] as Int
            }
            #expect(drafts.isEmpty)
        }
    }

    @Test func theLifeOfABulletinFromDraftToClosed() async throws {
        try await prepared { feed, client in
            let problem = City.problem()
            try await feed.found(problem)
            let id = try await draft(
                Wish(problemIds: ["problem-1"], copyIds: [TestPersons.stationOrgan.rawValue]), client)
            // A draft is nobody else's business, and has no number.
            #expect(try await client.get("\(Self.base)/\(id)", as: TestPersons.education).status == .notFound)
            #expect(try await client.get("\(Self.base)/\(id)", as: TestPersons.city).status == .notFound)
            #expect(try await read(id, as: TestPersons.county, client).number == nil)
            try await issue(id, as: TestPersons.county, client)
            #expect(try await act("issue", id, as: TestPersons.county, Words(), client).problemCode == "not_a_draft")
            let sent = try await feed.published(BulletinIssued.self).filter { $0.bulletinId == id }
            #expect(Set(sent.map(\.receivingOrganId)) == [TestPersons.educationOrgan, TestPersons.stationOrgan])
            let main = try #require(sent.first { $0.role == .main })
            #expect(main.number == "440703-TB-2026-000002" && main.cause == .manual)
            #expect(main.title == "关于蓬江区实验小学食堂食品安全问题的通报")
            #expect(main.evidence.map(\.evidenceId) == [EvidenceID("evidence-1")])
            // Five working days after Monday 23 November: Monday the 30th, its last second.
            #expect(main.answerBy == (try #require(LocalDate(iso: "2026-12-01"))).start - .seconds(1))
            #expect(main.deadlinesProvisional == false)
            #expect(sent.first { $0.role == .copy }?.answerBy == nil)
            #expect(try await read(id, as: TestPersons.county, client).state == "issued")
            let todo = try await client.page("\(Self.base)?box=todo", as: TestPersons.education)
            #expect(todo.text.contains("440703-TB-2026-000002") && todo.text.contains("请签收"))
            #expect(try await read(id, as: TestPersons.education, client).bulletinId == id)
            #expect(try await read(id, as: TestPersons.county, client).state == "delivered")
            #expect(try await act("receipt", id, as: TestPersons.education, Words(), client).status == .noContent)
            #expect(try await act("receipt", id, as: TestPersons.education, Words(), client).status == .noContent)
            #expect(
                try await act("receipt", id, as: TestPersons.station, Words(), client).problemCode == "not_a_receiver")
            #expect(try await read(id, as: TestPersons.county, client).state == "receipted")
            #expect(try await feed.published(BulletinReceipted.self).map(\.late) == [false])
            #expect(try await act("close", id, as: TestPersons.county, Words(), client).problemCode == "not_answered")
            #expect(try await act("answer", id, as: TestPersons.education, Words(), client).problemCode == "missing")
            let words = Words(answer: "已督促整改。")
            #expect(try await act("answer", id, as: TestPersons.education, words, client).status == .noContent)
            #expect(
                try await act("answer", id, as: TestPersons.education, words, client).problemCode
                    == "answered_already")
            #expect(try await read(id, as: TestPersons.county, client).state == "answered")
            let inbox = try await client.page("/notification/inbox", as: TestPersons.county)
            #expect(inbox.text.contains("收到通报答复"))
            #expect(try await act("close", id, as: TestPersons.county, Words(), client).problemCode == "problems_open")
            #expect(try await act("close", id, as: TestPersons.otherCounty, Words(), client).status == .notFound)
            try await feed.closed(City.closed(problem, after: .seconds(60)))
            #expect(try await act("close", id, as: TestPersons.county, Words(), client).status == .noContent)
            #expect(try await read(id, as: TestPersons.county, client).state == "closed")
            let closed = try await feed.published(BulletinClosed.self)
            #expect(closed.map(\.outcome) == ["answered", "answered"])
            let paper = try await client.page("\(Self.base)/\(id)", as: TestPersons.education).text
            #expect(paper.contains("〔2026〕2号") && paper.contains("抄送：白沙市场监督管理所"))
            #expect(paper.contains("已督促整改。"))
        }
    }

    @Test func whoDoesNotAnswerIsRemindedThenReportedAboveAndALateAnswerIsShownAsLate() async throws {
        try await prepared { feed, client in
            let id = try await draft(Wish(), client)
            try await issue(id, as: TestPersons.county, client)
            #expect(try await act("urge", id, as: TestPersons.county, Words(note: "请抓紧。"), client).status == .ok)
            #expect(try await feed.published(BulletinUrged.self).map(\.urgedTimes) == [1])
            #expect(
                try await client.get("/notification/inbox", as: TestPersons.education).text.contains("bulletin_urged"))
            let watch = feed.service.watch
            // The last day is not over yet.
            client.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await watch.look() == 0)
            client.clock.advance(by: .seconds(86_400))
            #expect(try await watch.look() == 1)
            #expect(try await watch.look() == 0)
            let county = try await client.page("/notification/inbox", as: TestPersons.county)
            #expect(county.text.contains("通报答复逾期"))
            #expect(try await feed.published(BulletinEscalated.self).isEmpty)
            client.clock.advance(by: .seconds(4 * 86_400))
            #expect(try await watch.look() == 1)
            let escalated = try await feed.published(BulletinEscalated.self)
            #expect(escalated.map { Set($0.toOrganIds) } == [[OrganID("organ-edu-city"), TestPersons.cityOrgan]])
            let words = Words(answer: "已督促整改。")
            #expect(try await act("answer", id, as: TestPersons.education, words, client).status == .noContent)
            let receiver = try #require(
                try await read(id, as: TestPersons.county, client).recipients?.first { $0.role == .main })
            #expect(receiver.answeredLate && receiver.urgedTimes == 1 && receiver.escalatedAt != nil)
            let page = try await client.page("\(Self.base)/\(id)", as: TestPersons.county)
            #expect(page.text.contains("逾期答复") && page.text.contains("已报上级"))
        }
    }

    @Test func withoutAPublishedCalendarTheDeadlineIsProvisionalAndNobodyIsOverdue() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let id = try await draft(Wish(), client)
            try await issue(id, as: TestPersons.county, client)
            #expect(try await read(id, as: TestPersons.county, client).deadlinesProvisional)
            client.clock.advance(by: .seconds(60 * 86_400))
            #expect(try await service.watch.look() == 0)
            // The notice arrives: the deadline is counted on it, and the answer turns out to be overdue.
            let loaded = feed.received(Self.calendar)
            try await client.pool.transaction { try await service.registry.calendarLoaded(loaded, $0) }
            #expect(try await read(id, as: TestPersons.county, client).deadlinesProvisional == false)
            #expect(try await service.watch.look() == 2)
        }
    }

    @Test func aCorrectionReachesEverybodyAndClosesTheOriginal() async throws {
        try await prepared { feed, client in
            let first = try await draft(Wish(copyIds: [TestPersons.stationOrgan.rawValue]), client)
            try await issue(first, as: TestPersons.county, client)
            let partial = try await client.post(
                Self.base, as: TestPersons.county, json: Wish(corrects: first.rawValue))
            #expect(partial.problemCode == "receivers_of_original")
            let second = try await draft(
                Wish(
                    facts: "更正：砧板未混用。", copyIds: [TestPersons.stationOrgan.rawValue], corrects: first.rawValue),
                client)
            try await issue(second, as: TestPersons.county, client)
            let original = try await read(first, as: TestPersons.county, client)
            #expect(original.state == "closed" && original.correctedByNumber == "440703-TB-2026-000002")
            let issued = try await feed.published(BulletinIssued.self)
            #expect(
                issued.filter { $0.bulletinId == second }.allSatisfy { $0.correctsNumber == "440703-TB-2026-000001" })
            let third = try await client.post(
                Self.base, as: TestPersons.county,
                json: Wish(copyIds: [TestPersons.stationOrgan.rawValue], corrects: first.rawValue))
            #expect(third.problemCode == "not_correctable")
            #expect(
                try await act("answer", first, as: TestPersons.education, Words(answer: "好"), client).problemCode
                    == "bulletin_closed")
        }
    }

    @Test func theEditorKeepsWhatWasTypedAndSomebodyElsesChangeIsNotOverwritten() async throws {
        try await prepared { feed, client in
            try await feed.found(City.problem())
            let blank = try await client.page("\(Self.base)/new?canteens=canteen-1", as: TestPersons.county)
            #expect(blank.text.contains("蓬江区教育局") && blank.text.contains("Z3-07"))
            #expect(!blank.text.contains("人力资源和社会保障局"))
            let searched = try await client.page("\(Self.base)/new?q=%E5%AE%9E%E9%AA%8C", as: TestPersons.county)
            #expect(searched.text.contains("canteens=canteen-1"))
            let wrong = try await client.submit(
                Self.base, as: TestPersons.county,
                [("canteen", "canteen-1"), ("facts", "保留我"), ("requirement", "请整改"), ("receiver", "organ-440703-edu")])
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("保留我"))
            let id = try await draft(Wish(), client)
            let fields = [
                ("canteen", "canteen-1"), ("cause", "食堂卫生"), ("facts", "新的情况"), ("requirement", "请整改"),
                ("receiver", "organ-440703-edu"), ("version", "1"),
            ]
            #expect(try await client.submit("\(Self.base)/\(id)", as: TestPersons.county, fields).status == .seeOther)
            let late = try await client.submit("\(Self.base)/\(id)", as: TestPersons.county, fields)
            #expect(late.status == .conflict && late.text.contains("草稿已被他人修改"))
            #expect(try await client.page("\(Self.base)/\(id)/edit", as: TestPersons.county).text.contains("新的情况"))
            #expect(try await act("discard", id, as: TestPersons.county, Words(), client).status == .noContent)
            #expect(try await client.get("\(Self.base)/\(id)", as: TestPersons.county).status == .notFound)
        }
    }
}
