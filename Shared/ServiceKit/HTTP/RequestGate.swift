import Access
import HTTPTypes
import Hummingbird

/// Stands before a handler: the route's access rule, then the CSRF check. The rule comes first, so that nobody who may
/// not call the route makes us read a body.
struct RequestGate: Sendable {
    let rule: AccessRule
    let options: RouteOptions

    /// The request to hand on (its body may have been collected), or a `Problem`.
    func admit(_ request: Request, _ context: inout BrightContext) async throws -> Request {
        try checkRule(context)
        if Self.isUnsafe(request.method) { try checkTraining(context) }
        guard options.requiresCSRF, Self.isUnsafe(request.method) else { return request }
        return try await CSRF.check(request, context)
    }

    private func checkRule(_ context: BrightContext) throws {
        switch rule {
        case .public, .internal:
            return
        case .signedIn:
            // What a program may read, its scopes say; a route without an action is for persons.
            guard !(try principal(context, login: .staff)).isMachine else { throw Problem.forbidden }
        case .representative:
            guard try principal(context, login: .parents).role == .parentRepresentative else { throw Problem.forbidden }
        case .action(let action):
            try checkRole(try principal(context, login: .staff), action, .perform)
        case .read(let action):
            try checkRole(try principal(context, login: .staff), action, .read)
        }
    }

    /// Art 11: who must be trained and is not reads only, where the city blocks; recording training stays possible, or
    /// nobody could end it. What needs no action (password, own inbox, signing out) is not restricted.
    private func checkTraining(_ context: BrightContext) throws {
        guard case .action(let action) = rule, action != .manageTraining, context.principal?.training == .blocked else {
            return
        }
        throw Problem(
            .forbidden, code: "training_required",
            detail: LocalizedText(
                zh: "您还没有完成规定的培训，登记后才能操作；登记后重新登录即可生效。",
                en: "Your training is not recorded yet; until it is, you may only read. Sign in again once it is."),
            field: "training", allowed: "/registry/training/mine")
    }

    private func principal(_ context: BrightContext, login: SignInRequired.Login) throws -> Principal {
        if let principal = context.principal { return principal }
        if context.tokenFailure == .keysUnavailable { throw Problem.unavailable(code: "signing_keys_unavailable") }
        throw SignInRequired(login: login, tokenExpired: context.tokenFailure == .expired)
    }

    private func checkRole(_ principal: Principal, _ action: Action, _ intent: Intent) throws {
        guard AccessPolicy().decide(principal, action, intent: intent) == .allowed else { throw Problem.forbidden }
    }

    static func isUnsafe(_ method: HTTPRequest.Method) -> Bool {
        method != .get && method != .head && method != .options
    }
}
