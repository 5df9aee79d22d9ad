import Contracts
import Journal
import TestSupport
import Testing

@testable import PatrolLedgerService

/// A parent's complaint that was found to be true is a problem like every other (art 12).
struct FeedbackProblemTests {
    @Test func aConfirmedComplaintBecomesOneProblemWithItsId() async throws {
        try await PatrolWorld.run { world in
            let id = FeedbackID.new()
            let canteen = try #require(
                try await world.client.pool.query("SELECT canteen_id FROM canteen ORDER BY canteen_id") {
                    row -> CanteenID in try row["canteen_id"]
                }.first)
            let event = FeedbackConfirmed(
                feedbackId: id, canteenId: canteen, schoolId: TestPersons.school, organId: TestPersons.stationOrgan,
                confirmedBy: TestPersons.station.personId, zone: .z4, severity: 2, description: "冷藏柜温度偏高",
                confirmedAt: world.client.clock.now())
            for _ in 0..<3 {
                try await world.client.pool.transaction { tx in
                    try await world.service.desk.raise(
                        event, EventContext(actor: .system("patrol-ledger"), correlationId: "c-1"), tx)
                }
            }
            let path = "/patrol/api/v1/problems/\(id)"
            let answer = try await world.client.get(path, as: TestPersons.station)
            #expect(answer.status == .ok && answer.text.contains("冷藏柜温度偏高") && answer.text.contains("parent"))
            #expect(try await world.client.get(path, as: TestPersons.otherStation).status == .notFound)
            let published = try await world.client.pool.query(
                "SELECT 1 AS n FROM journal WHERE type = \(ProblemFound.type)"
            ) { row -> Int in try row["n"] }
            #expect(published.count == 1)
        }
    }
}
