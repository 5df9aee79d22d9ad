import TestSupport
import Testing

@testable import PatrolLedgerService

/// Every declared route, as everybody: what the matrix says and nothing else, and never a fault of ours.
@Suite(.timeLimit(.minutes(5))) struct AccessTableTests {
    @Test func everyRouteAnswersEverybodyAsTheMatrixSays() async throws {
        try await PatrolWorld.run { world in
            let faults = try await AccessTable(world.client).faults()
            #expect(faults.isEmpty, "\(faults)")
        }
    }
}
