import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// Which endpoint a request is about, and whether the caller may have it.
struct EndpointAccess: Sendable {
    let pool: PostgresPool

    /// The endpoint, if it belongs to the caller's organ; 404 otherwise.
    func owned(_ context: BrightContext, intent: Intent = .perform) async throws -> Endpoint {
        guard let endpoint = try await EndpointStore.endpoint(try context.id("endpointId"), pool) else {
            throw Problem.notFound
        }
        try context.authorise(.manageWebhooks, on: Resource(organId: endpoint.organId), intent: intent)
        return endpoint
    }

    /// After an act: browsers see the endpoint, programs the answer.
    func done(_ endpoint: Endpoint, _ context: BrightContext, _ answer: [String: String]) throws -> Response {
        context.wantsPage
            ? .seeOther("/notification/webhooks/\(endpoint.endpointId)") : try .json(answer, status: .accepted)
    }
}
