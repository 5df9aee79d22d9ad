import TestSupport
import Testing

@testable import RegistryService

/// Every declared route, as everybody: what the matrix says and nothing else, and never a fault of ours.
@Suite(.timeLimit(.minutes(5))) struct AccessTableTests {
    @Test func everyRouteAnswersEverybodyAsTheMatrixSays() async throws {
        try await RegistryTest.run { client in
            let table = AccessTable(client)
            let faults = try await table.faults()
            #expect(faults.isEmpty, "\(faults)")
            // Every mutation, and every view of video, evidence and personal data.
            let unaudited = try await table.unaudited(views: [
                "/registry/v1/me/data", "/registry/schools/{id}/people", "/registry/v1/schools/{id}/people",
                "/registry/register/{table}/rows/", "/registry/register/{table}/export",
                "/registry/v1/register/{table}/",
                "/registry/cameras/{id}/first-frame",
                "/registry/accounts", "/registry/audit/",
            ])
            #expect(unaudited.isEmpty, "\(unaudited)")
        }
    }
}
