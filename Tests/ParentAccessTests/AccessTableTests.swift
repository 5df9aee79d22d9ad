import TestSupport
import Testing

@testable import ParentAccessService

/// Every declared route, as everybody: what the matrix says and nothing else, and never a fault of ours.
@Suite(.timeLimit(.minutes(5))) struct AccessTableTests {
    @Test func everyRouteAnswersEverybodyAsTheMatrixSays() async throws {
        try await Story.run { story in
            let table = AccessTable(story.client)
            let faults = try await table.faults()
            #expect(faults.isEmpty, "\(faults)")
            // Every mutation, and every view of video, evidence and personal data.
            let unaudited = try await table.unaudited(views: [
                "/video/open/", "/video/start/", "/parent/moderation", "/parent/school", "/parent/v1/feedback",
                "/parent/v1/school/feedback", "/parent/v1/representatives", "/parent/v1/views", "/parent/v1/me/data",
                "/parent/exports", "/parent/v1/recordings/",
            ])
            #expect(unaudited.isEmpty, "\(unaudited)")
        }
    }
}
