import Access
import Calendar
import Contracts
import Foundation
import Postgres
import Subprocess
import TestSupport
import Testing

@testable import PatrolLedgerService

/// 双随机: fixed before it is drawn, drawn once, hidden until published, and drawn again by a program that is not ours.
struct DrawTests {
    private struct Recusal: Encodable {
        var schoolId: String
        var reason: String
    }
    private struct Created: Decodable { var drawId: DrawID }

    private static let tool = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/tools/recompute_draw.py").path

    private func recompute(_ opening: String) async throws -> (isSuccess: Bool, text: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "opening-\(UUID().uuidString).json")
        try Data(opening.utf8).write(to: file)
        let result = try await Subprocess.run(
            .name("python3"), arguments: [Self.tool, file.path], output: .string(limit: 100_000),
            error: .string(limit: 10_000))
        try FileManager.default.removeItem(at: file)
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }

    @Test func aPublishedDrawIsReproducedByAnIndependentProgram() async throws {
        try await PatrolWorld.run(canteens: 12) { world in
            let client = world.client
            let station = TestPersons.station
            // A colleague joins the directory; the officer recuses from their child's school.
            try await world.receive(
                StaffAppointed(
                    personId: PersonID("colleague"), role: .stationOfficer, organId: TestPersons.stationOrgan,
                    validFrom: LocalDate(client.clock.now()).adding(days: -10)))
            let recusal = Recusal(schoolId: "school-2", reason: "child_attends")
            #expect(try await client.post("/patrol/api/v1/recusals", as: station, json: recusal).status == .noContent)
            let direct = try await Refusal.of { _ = try await world.open([2, 3], as: station) }
            #expect(direct?.code == "recused", "a recusal holds for every patrol")

            // Art 5: a canteen that did not connect in time weighs more, and the draw says so.
            try await world.receive(RuleChangeTests.overdue(world.canteenId(4), now: client.clock.now()))

            let order = DrawOrder(randomCount: 6, riskCount: 5, inspectorsPerCanteen: 2)
            let tooMany = DrawOrder(randomCount: 20, riskCount: 5, inspectorsPerCanteen: 1)
            let refused = try await client.post("/patrol/api/v1/draws", as: station, json: tooMany)
            #expect(refused.status == .unprocessableContent && refused.problemCode == "too_few_canteens")
            let id = try await client.post("/patrol/api/v1/draws", as: station, json: order).json(Created.self).drawId
            let path = "/patrol/api/v1/draws/\(id)"
            let early = try await client.post("\(path)/draw", as: station, json: [String: String]())
            #expect(early.status == .conflict && early.problemCode == "not_in_checkpoint_yet")
            try await world.sequence()
            #expect(try await client.post("\(path)/draw", as: station, json: [String: String]()).status == .noContent)
            let again = try await client.post("\(path)/draw", as: station, json: [String: String]())
            #expect(again.problemCode == "already_drawn")

            let draw = try #require(try await client.pool.draw(id))
            let picks = try #require(try draw.decodedResult()).picks
            #expect(picks.map(\.share) == Array(repeating: .random, count: 6) + Array(repeating: .risk, count: 5))
            #expect(Set(picks.map(\.canteenId)).count == 11)
            for pick in picks {
                let isRecused = pick.canteenId == world.canteenId(2)
                #expect(pick.inspectorIds.count == (isRecused ? 1 : 2), "\(pick.canteenId)")
                #expect(!isRecused || pick.inspectorIds == [PersonID("colleague")])
            }
            // Hidden: not on the topic, not for others, not open.
            #expect(try await world.events(DrawPublished.self).isEmpty)
            #expect(try await client.get(path, as: TestPersons.otherStation).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.principal).status == .forbidden)
            #expect(try await client.get("\(path)/opening").status == .notFound)

            let free = picks.map(\.canteenId).filter { $0 != world.canteenId(2) }
            let patrol = try await world.service.desk.open(
                PatrolOrder(basis: [.doubleRandom], basisReference: id.rawValue, canteenIds: free, start: false),
                by: world.caller(station))
            let ahead = try await client.post("\(path)/publish", as: station, json: [String: String]())
            #expect(ahead.status == .conflict && ahead.problemCode == "patrol_open")
            try await world.service.desk.cancel(patrol, reason: "改期", by: world.caller(station))
            #expect(
                try await client.post("\(path)/publish", as: station, json: [String: String]()).status == .noContent)
            let announced = try #require(try await world.events(DrawAnnounced.self).first)
            let published = try #require(try await world.events(DrawPublished.self).first)
            #expect(published.inputsHash == announced.inputsHash && published.canteenIds == picks.map(\.canteenId))

            let opening = try await client.get("\(path)/opening")
            #expect(opening.status == .ok, "open to everybody")
            let good = try await recompute(opening.text)
            #expect(good.isSuccess && good.text.contains("reproduced"), "\(good.text)")
            for canteen in picks.map(\.canteenId.rawValue) { #expect(good.text.contains(canteen)) }
            let inputs = try draw.decodedInputs()
            let late = try #require(inputs.canteens.first { $0.canteenId == world.canteenId(4) })
            #expect(inputs.riskFormula == "risk-2" && late.factors == ["never_visited", "access_overdue"])
            #expect(late.weight == 160)
            let root = try #require(draw.checkpointRoot)
            let bad = try await recompute(opening.text.replacing(root, with: String(root.reversed())))
            #expect(!bad.isSuccess && bad.text.contains("NOT REPRODUCED"))
            let secret = try await recompute(
                opening.text.replacing(draw.secret, with: String(repeating: "ab", count: 32)))
            #expect(!secret.isSuccess && secret.text.contains("committed"))
            let page = try await client.page("/patrol/draws/\(id)", as: station)
            #expect(page.status == .ok && page.text.contains(draw.inputsHash) && page.text.contains("已公开"))
        }
    }

    /// Chances by weight: over many seeds a canteen of weight 90 comes first far more often than one of weight 10.
    @Test func riskShareFollowsTheWeights() {
        func inputs(_ random: Int, _ risk: Int) -> DrawInputs {
            DrawInputs(
                format: DrawInputs.format, drawId: DrawID("d"), organId: OrganID("o"),
                announcedAt: Instant(microseconds: 0), riskFormula: RiskScore.version, randomCount: random,
                riskCount: risk, inspectorsPerCanteen: 1,
                canteens: [("a", 90), ("b", 10)].map {
                    DrawInputs.Canteen(canteenId: CanteenID($0.0), schoolId: SchoolID($0.0), weight: $0.1, factors: [])
                }, inspectors: [PersonID("p")], recusals: [])
        }
        func firsts(_ inputs: DrawInputs) -> Int {
            (0..<1000).filter {
                DrawAlgorithm.draw(inputs, inputsHash: "", seed: "seed-\($0)").picks.first?.canteenId.rawValue == "a"
            }.count
        }
        #expect((860...940).contains(firsts(inputs(0, 1))))
        #expect((440...560).contains(firsts(inputs(1, 0))), "equal chances in the random share")
    }
}
