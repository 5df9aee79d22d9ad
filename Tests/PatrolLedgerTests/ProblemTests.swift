import Access
import Contracts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import PatrolLedgerService

/// A problem through HTTP: who sees it, who may do what, and how it ends.
struct ProblemTests {
    private struct Reason: Encodable { var reason: String }

    /// A notified problem of class 2 in canteen 1 (school-1).
    private func found(_ world: PatrolWorld) async throws -> ProblemID {
        let person = TestPersons.station
        let patrol = try await world.open([1, 2], as: person)
        let violation = ItemFinding(code: "Z3-07", result: .violation, note: "菜筐放地上", noEvidenceReason: "见描述")
        try await world.visit(1, in: patrol, as: person, [violation])
        try await world.visit(2, in: patrol, as: person)
        return try #require(try await world.service.desk.close(patrol, by: world.caller(person)).problemIds.first)
    }

    @Test func fromFoundToClosed() async throws {
        try await PatrolWorld.run { world in
            let client = world.client
            let path = "/patrol/api/v1/problems/\(try await found(world))"
            let full = RectificationEntry(cause: "收货时没有货架", measure: "已上架", prevention: "每日检查")
            func post(_ action: String, as person: Principal) async throws -> HTTPResponse.Status {
                try await client.post("\(path)/\(action)", as: person, json: full).status
            }
            // The school cannot close, another school and another station do not see it.
            #expect(try await post("accept", as: TestPersons.principal) == .forbidden)
            #expect(try await client.get(path, as: TestPersons.otherPrincipal).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.otherStation).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.platformOperator).status == .forbidden)
            #expect(try await client.get(path, as: TestPersons.parent).status == .forbidden)
            #expect(try await client.get(path, as: TestPersons.principal).status == .ok)
            #expect(try await client.get(path, as: TestPersons.education).status == .ok)
            #expect(try await post("accept", as: TestPersons.station) == .conflict)
            #expect(try await post("acknowledge", as: TestPersons.principal) == .noContent)
            #expect(try await post("acknowledge", as: TestPersons.principal) == .conflict)
            #expect(try await post("rectification", as: TestPersons.education) == .forbidden)
            #expect(try await post("rectification", as: TestPersons.otherPrincipal) == .notFound)
            let noCause = try await client.post(
                "\(path)/rectification", as: TestPersons.principal,
                json: RectificationEntry(measure: "m", prevention: "p"))
            #expect(noCause.status == .unprocessableContent && noCause.problemCode == "cause_required")
            let personal = try await client.post(
                "\(path)/rectification", as: TestPersons.principal,
                json: RectificationEntry(cause: "联系 13812345678", measure: "m", prevention: "p"))
            #expect(personal.problemCode == "personal_data")
            #expect(try await post("rectification", as: TestPersons.principal) == .noContent)
            let returned = try await client.post(
                "\(path)/return", as: TestPersons.station, json: Reason(reason: "照片看不清"))
            #expect(returned.status == .noContent)
            #expect(try await post("rectification", as: TestPersons.safetyLead) == .noContent)
            #expect(try await post("accept", as: TestPersons.otherStation) == .notFound)
            #expect(try await post("accept", as: TestPersons.station) == .noContent)
            let view = try await client.get(path, as: TestPersons.principal).json(ProblemView.self)
            #expect(view.state == .closed && view.outcome == .rectified && view.rectifications.count == 2)
            #expect(
                view.timeline.map(\.step) == [
                    .found, .notified, .acknowledged, .submitted, .returned, .submitted, .accepted, .closed,
                ])
            #expect(view.patrolId == nil, "a school does not see patrols")
            for type in [
                ProblemAcknowledged.type, RectificationReturned.type, RectificationAccepted.type, ProblemClosed.type,
            ] {
                #expect(try await world.events(type).count == 1, "\(type)")
            }
            #expect(try await world.events(RectificationSubmitted.type).count == 2)
        }
    }

    /// The person who rectified may not accept, whatever role they hold today.
    @Test func nobodyAcceptsTheirOwnWork() async throws {
        try await PatrolWorld.run { world in
            let id = try await found(world)
            var turncoat = TestPersons.principal
            turncoat.personId = TestPersons.station.personId
            try await world.service.desk.submitRectification(
                RectificationEntry(cause: "c", measure: "m", prevention: "p"), id, by: world.caller(turncoat))
            let refusal = try await Refusal.of {
                try await world.service.desk.accept(id, by: world.caller(TestPersons.station))
            }
            #expect(refusal?.kind == .forbidden && refusal?.code == "own_work")
            try await world.service.desk.accept(id, by: world.caller(TestPersons.county))
        }
    }

    @Test func idempotencyKeys() async throws {
        try await PatrolWorld.run { world in
            let order = PatrolOrder(basis: [.daily], canteenIds: [world.canteenId(1)])
            let headers: HTTPFields = [.idempotencyKey: "key-1"]
            let first = try await world.client.post(
                "/patrol/api/v1/patrols", as: TestPersons.station, json: order, headers: headers)
            let second = try await world.client.post(
                "/patrol/api/v1/patrols", as: TestPersons.station, json: order, headers: headers)
            #expect(first.status == .created && first.text == second.text)
            let other = PatrolOrder(basis: [.special], canteenIds: [world.canteenId(1)])
            let third = try await world.client.post(
                "/patrol/api/v1/patrols", as: TestPersons.station, json: other, headers: headers)
            #expect(third.status == .conflict)
        }
    }

    @Test func overdueIsComputedAndFilters() async throws {
        try await PatrolWorld.run { world in
            _ = try await found(world)
            func total(_ show: String, _ person: Principal) async throws -> Int {
                struct List: Decodable { var total: Int }
                return try await world.client.get("/patrol/api/v1/problems?show=\(show)", as: person).json(List.self)
                    .total
            }
            #expect(try await total("open", TestPersons.station) == 1)
            #expect(try await total("open", TestPersons.otherCounty) == 0)
            #expect(try await total("open", TestPersons.principal) == 1)
            #expect(try await total("open", TestPersons.otherPrincipal) == 0)
            #expect(try await total("overdue", TestPersons.station) == 0)
            // Three working days after Monday: Thursday is the last day, on Friday it is overdue.
            world.client.clock.advance(by: .seconds(4 * 86_400))
            #expect(try await total("overdue", TestPersons.station) == 1)
            let wrong = try await world.client.get("/patrol/api/v1/problems?show=everything", as: TestPersons.station)
            #expect(wrong.status == .unprocessableContent)
        }
    }
}
