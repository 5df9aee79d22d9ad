import Calendar
import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService
@testable import Journal

struct OpenDataTests {
    private struct Changes: Decodable {
        let items: [JSONLine]
        let nextCursor: String
        let hasMore: Bool
    }

    /// An item of the interface; its text is compared whole.
    private struct JSONLine: Decodable {
        let itemId: ItemID
        let position: Int
        let state: String
        let version: Int
    }

    /// Publications, corrections and withdrawals of two canteens, one a minute, drawn with a fixed seed.
    private func history(_ service: DisclosureService, _ client: ServiceClient, seed: UInt64) async throws {
        let desk = DeskClient(client: client)
        var random = SeededRandom(seed: seed)
        var items: [ItemID] = []
        for step in 0..<30 {
            client.clock.advance(by: .seconds(60))
            switch random.next(below: 4) {
            case 0 where !items.isEmpty:
                _ = try await desk.step(items[random.next(below: items.count)], "withdraw", reason: "测试撤下")
            case 1 where !items.isEmpty:
                let content = DeskClient.purchase.merging(["batch": "C\(seed)-\(step)"]) { $1 }
                _ = try await client.post(
                    "/disclosure/api/items/\(items[random.next(below: items.count)].rawValue)/content",
                    as: TestPersons.principal,
                    json: DeskClient.Command(content: content, reason: "更正批号", then: "publish"))
            case 2:
                _ = try await desk.publish("D3", DeskClient.pledge.merging(["post": "校长\(step)"]) { $1 })
            default:
                let content = DeskClient.purchase.merging(["batch": "B\(seed)-\(step)"]) { $1 }
                items.append(try await desk.publish("D7", content).itemId)
            }
        }
    }

    /// Property: what the interface says was public at a time is what the journal's events up to then say.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func asOfEqualsReplayOfTheEvents(seed: UInt64) async throws {
        try await DisclosureTest.withCanteen { service, client in
            let start = client.clock.now()
            try await history(service, client, seed: seed)
            let entries = try await client.pool.query(
                "SELECT type, occurred_at, data FROM journal ORDER BY position"
            ) { row -> (String, Instant, [UInt8]) in (try row["type"], try row["occurred_at"], try row["data"]) }
            for minute in stride(from: 0, through: 30, by: 3) {
                let time = start + .seconds(minute * 60 + 30)
                var replayed: [ItemID: Int] = [:]
                for (type, at, data) in entries where at <= time {
                    switch type {
                    case ItemPublished.type:
                        let event = try EventJSON.decode(ItemPublished.self, from: data)
                        replayed[event.itemId] = event.version
                    case ItemWithdrawn.type:
                        replayed[try EventJSON.decode(ItemWithdrawn.self, from: data).itemId] = nil
                    case ItemSuperseded.type:
                        replayed[try EventJSON.decode(ItemSuperseded.self, from: data).itemId] = nil
                    default: break
                    }
                }
                client.clock.set(start + .seconds(3600))
                let text = PercentEncoding.queryValue(time.rfc3339)
                struct Answer: Decodable { let items: [JSONLine] }
                let answer = try await client.get("/disclosure/v1/canteens/canteen-1/items?as_of=\(text)").json(
                    Answer.self)
                #expect(Dictionary(answer.items.map { ($0.itemId, $0.version) }) { $1 } == replayed, "at \(time)")
            }
        }
    }

    /// Dump, then the changes after it, give exactly what is live.
    @Test func dumpAndChangesReproduceTheLiveData() async throws {
        try await DisclosureTest.withCanteen { service, client in
            try await history(service, client, seed: 7)
            let manifest = try await service.dumper.make("2026-11-23", at: client.clock.now())
            let base = "/disclosure/v1/dumps/2026-11-23"
            let dump = try await client.get("\(base)/items.jsonl").text
            #expect(try await client.get("\(base)/SHA256SUMS").text.contains(Dumper.digest(Array(dump.utf8))))
            try await history(service, client, seed: 8)
            var copy: [ItemID: String] = [:]
            for line in dump.split(separator: "\n") {
                copy[try BrightJSON.decode(JSONLine.self, from: Array(line.utf8)).itemId] = String(line)
            }
            var since = String(manifest.position)
            var more = true
            while more {
                let answer = try await client.get("/disclosure/v1/changes?since=\(since)&limit=5")
                for line in try Self.objects(answer.text) {
                    copy[try BrightJSON.decode(JSONLine.self, from: Array(line.utf8)).itemId] = line
                }
                let changes = try answer.json(Changes.self)
                since = changes.nextCursor
                more = changes.hasMore
            }
            var live: [ItemID: String] = [:]
            for line in try Self.objects(try await client.get("/disclosure/v1/items?state=any&limit=200").text) {
                live[try BrightJSON.decode(JSONLine.self, from: Array(line.utf8)).itemId] = line
            }
            #expect(live.count > 5)
            #expect(copy == live)
            // Later there is nothing new, and the same place says so again.
            #expect(try await client.get("/disclosure/v1/changes?since=\(since)").json(Changes.self).items.isEmpty)
        }
    }

    @Test func theDumpIsSignedWithTheKeyOfTheIndex() async throws {
        try await DisclosureTest.withCanteen { service, client in
            try await service.dumper.makeIfDue()
            struct Index: Decodable { let verifierKey: String }
            let key = try #require(NoteKey(vkey: try await client.get("/disclosure/v1").json(Index.self).verifierKey))
            let note = try #require(
                SignedNote(parsing: try await client.get("/disclosure/v1/dumps/2026-11-23/checkpoint").text))
            #expect(key.verifies(note) && note.text.contains("items.jsonl"))
            var forged = note
            forged.text = note.text.replacing("position", with: "Position")
            #expect(!key.verifies(forged))
            #expect(try await client.get("/disclosure/v1/dumps/2026-11-23/..%2f..%2fetc").status == .notFound)
            // The next one is made the next night, not before.
            client.clock.set(Story.time("2026-11-24T01:59:00+08:00"))
            try await service.dumper.makeIfDue()
            #expect(try await service.dumper.manifests().count == 1)
            client.clock.set(Story.time("2026-11-24T02:00:00+08:00"))
            try await service.dumper.makeIfDue()
            #expect(try await service.dumper.manifests().map(\.name) == ["2026-11-24", "2026-11-23"])
        }
    }

    @Test(arguments: [
        ("/disclosure/v1/canteens?bbox=22.5,113.0", "unknown_parameter", HTTPResponse.Status.badRequest),
        ("/disclosure/v1/canteens?limit=10&limit=20", "repeated_parameter", .badRequest),
        ("/disclosure/v1/canteens?grade=best", "not_allowed", .unprocessableContent),
        ("/disclosure/v1/canteens?cursor=%3Cscript%3E", "not_a_cursor", .badRequest),
        ("/disclosure/v1/items?colour=red", "unknown_parameter", .badRequest),
        ("/disclosure/v1/changes?since=yesterday", "not_a_cursor", .badRequest),
        ("/disclosure/v1/changes?since=999999", "not_a_cursor", .badRequest),
        ("/disclosure/v1/changes?limit=100000", "not_in_range", .unprocessableContent),
        ("/disclosure/v1/canteens/canteen-1/items?as_of=2099-01-01", "in_future", .unprocessableContent),
        ("/disclosure/v1/canteens/canteen-1/items?as_of=then", "not_a_time", .unprocessableContent),
        ("/disclosure/v1/canteens/canteen-1?expand=all", "unknown_parameter", .badRequest),
        ("/disclosure/v2/items", "unknown_api_version", .badRequest),
    ])
    func aWrongQuestionGetsAClearAnswer(path: String, code: String, status: HTTPResponse.Status) async throws {
        try await DisclosureTest.withCanteen { _, client in
            let answer = try await client.get(path)
            #expect(answer.status == status && answer.problemCode == code, "\(answer.text)")
        }
    }

    @Test func aCursorOfAnotherQueryIsRefused() async throws {
        try await DisclosureTest.run { service, client in
            for n in 1...5 {
                try await Story.tell(Story.registered(CanteenID("c\(n)"), school: "学校\(n)"), to: service, client)
            }
            struct Slice: Decodable {
                let items: [JSONValueID]
                let nextCursor: String?
                struct JSONValueID: Decodable { let canteenId: String }
            }
            for sort in CanteenOrder.allCases where sort != .distance {
                var seen: [String] = []
                var cursor: String?
                repeat {
                    let place = cursor.map { "&cursor=\($0)" } ?? ""
                    let slice = try await client.get("/disclosure/v1/canteens?limit=2&sort=\(sort.rawValue)\(place)")
                        .json(Slice.self)
                    seen += slice.items.map(\.canteenId)
                    cursor = slice.nextCursor
                } while cursor != nil
                #expect(seen.sorted() == ["c1", "c2", "c3", "c4", "c5"], "\(sort)")
            }
            let first = try await client.get("/disclosure/v1/canteens?limit=2").json(Slice.self)
            let cursor = try #require(first.nextCursor)
            let other = try await client.get("/disclosure/v1/canteens?limit=2&division=440703&cursor=\(cursor)")
            #expect(other.status == .badRequest && other.problemCode == "cursor_of_another_query")
        }
    }

    @Test func tablesRunNothingInASpreadsheet() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let content = DeskClient.purchase.merging([
                "supplier": "=HYPERLINK(\"http://x\",\"点我\")", "item": "@SUM(A1)",
            ]) { $1 }
            try await desk.publish("D7", content)
            let csv = try await client.get("/disclosure/v1/items?category=D7&format=csv")
            #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(csv.text.contains("\"'=HYPERLINK(\"\"http://x\"\"") && csv.text.contains("'@SUM(A1)"))
            let list = try await client.get("/disclosure/v1/canteens", headers: [.accept: "text/csv"])
            #expect(list.text.contains("canteen-1,第一食堂,"))
        }
    }

    @Test func theRecordIsNeverStaleAndAnswersConditionally() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let path = "/disclosure/v1/canteens/canteen-1"
            let first = try await client.get(path)
            let tag = try #require(first.headers[.eTag])
            #expect(first.headers[.accessControlAllowOrigin] == "*")
            #expect(try await client.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
            try await desk.publish("D3", DeskClient.pledge)
            let second = try await client.get(path, headers: [.ifNoneMatch: tag])
            #expect(second.status == .ok && second.text.contains("\"published\":[\"D1\",\"D3\"]"))
        }
    }

    /// The objects of the array `items`, as text.
    private static func objects(_ json: String) throws -> [String] {
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        return try #require(object["items"] as? [Any]).map { item in
            String(
                decoding: try JSONSerialization.data(
                    withJSONObject: item, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ (z >> 31)) % UInt64(limit))
    }
}
