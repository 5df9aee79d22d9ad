import TestSupport
import Testing

@testable import RegistryService

/// Every declared route, as everybody: what the matrix says and nothing else, and never a fault of ours.
@Suite(.timeLimit(.minutes(5))) struct AccessTableTests {
    @Test func everyRouteAnswersEverybodyAsTheMatrixSays() async throws {
        try await RegistryTest.run { client in
            let faults = try await AccessTable(client).faults()
            #expect(faults.isEmpty, "\(faults)")
        }
    }
}
