import Access
import Hummingbird

/// A service's own kind of session besides the registry's tokens: parent access recognises its representatives by it.
public protocol SessionAuthenticator: Sendable {
    /// The person, or nil when the request carries no valid session.
    func authenticate(_ request: Request, _ context: BrightContext) async throws -> Principal?
}
