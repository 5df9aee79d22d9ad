import Access
import Calendar
import Contracts
import Hummingbird
import Logging

/// What a handler knows about the request besides the request itself. Filled by the middleware, outermost first.
public struct BrightContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Follows the request through journal, Kafka and the other services; shown to people with every error.
    public internal(set) var correlationId = ""
    /// This service's span: hand it on with calls to others.
    public internal(set) var trace = TraceContext.unset
    public internal(set) var language = Language.zh
    /// The signed-in person; nil when nobody is. Behind `.signedIn` and `.action` use `requirePrincipal()`.
    public internal(set) var principal: Principal?
    /// How the person was recognised; decides about CSRF.
    public internal(set) var credential = Credential.none
    /// To be written into forms as `_csrf`.
    public var csrfToken: String { csrf.text }
    var csrf = CSRFToken()
    /// Largest body of the matched route, in bytes.
    public internal(set) var bodyLimit = RouteOptions.defaultBodyLimit
    /// True when the client prefers a page to JSON.
    public internal(set) var wantsPage = false
    /// Path and query as asked for, for "return to here".
    public internal(set) var requestPath = "/"
    public internal(set) var requestPathAndQuery = "/"
    /// The time at which the request arrived, by the service's clock: one "now" for all that a request does.
    public internal(set) var now = Instant(microseconds: 0)
    var tokenFailure: TokenError?

    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    public enum Credential: Hashable, Sendable {
        case none
        /// A cookie: unsafe methods need the CSRF token.
        case cookie
        /// `Authorization: Bearer`.
        case bearer
    }

    /// The signed-in person, or 401.
    public func requirePrincipal() throws -> Principal {
        guard let principal else { throw Problem.unauthorised }
        return principal
    }

    /// Asks the one decision function about one record. 403 when the role never may, 404 when the record is another's.
    public func authorise(_ action: Action, on resource: Resource, intent: Intent = .perform) throws {
        let decision = AccessPolicy().decide(
            try requirePrincipal(), action, on: resource, intent: intent, day: LocalDate(now))
        switch decision {
        case .allowed: return
        case .denied: throw Problem.forbidden
        case .hidden: throw Problem.notFound
        }
    }

    /// For buttons and filters: may this person do it to this record?
    public func may(_ action: Action, on resource: Resource? = nil, intent: Intent = .perform) -> Bool {
        guard let principal else { return false }
        return AccessPolicy().decide(principal, action, on: resource, intent: intent, day: LocalDate(now)) == .allowed
    }

    /// A path parameter as an id; 404 when it cannot be one (so that garbage never reaches SQL).
    public func id<ID: Identifier>(_ name: String, as type: ID.Type = ID.self) throws -> ID {
        guard let text = parameters.get(name), WellFormed.isIdentifier(text) else { throw Problem.notFound }
        return ID(rawValue: text)
    }
}
