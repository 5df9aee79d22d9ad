import TestSupport
import Testing

@testable import PatrolLedgerService

/// Every declared route, as everybody: what the matrix says and nothing else, and never a fault of ours.
@Suite(.timeLimit(.minutes(5))) struct AccessTableTests {
    @Test func everyRouteAnswersEverybodyAsTheMatrixSays() async throws {
        try await PatrolWorld.run { world in
            let table = AccessTable(world.client)
            let faults = try await table.faults()
            #expect(faults.isEmpty, "\(faults)")
            // Every mutation, and every view of video, evidence and personal data.
            let unaudited = try await table.unaudited(views: ["/patrol/evidence/", "/patrol/api/v1/evidence/"])
            #expect(unaudited.isEmpty, "\(unaudited)")
        }
    }
}
