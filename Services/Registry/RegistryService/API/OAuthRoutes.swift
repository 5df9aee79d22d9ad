import Access
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The token endpoint for programs. Answers and errors have the form of RFC 6749 §5, not of problem details: that is what
/// OAuth clients read.
struct OAuthRoutes: Sendable {
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    let clients: APIClientSignIn

    init(runtime: ServiceRuntime, signIn: SignIn) {
        let origin = runtime.configuration.publicBaseURL
        clients = APIClientSignIn(signIn: signIn, audiences: [origin, origin + "/registry/oauth/token"])
    }

    func declare(_ routes: Routes) {
        // A program has no cookie of ours, and a browser's cookie is not looked at.
        routes.post(
            "/oauth/token", .public, options: RouteOptions(bodyLimit: 32_768, requiresCSRF: false), use: issue)
    }

    private struct Token: Encodable {
        let accessToken: String
        let tokenType = "Bearer"
        let expiresIn = Int(TokenParameters.lifetime.components.seconds)
        let scope: String
    }

    private struct Failure: Encodable {
        let error: String
        let errorDescription: String
    }

    @Sendable private func issue(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        guard form.optional("grant_type") == "client_credentials" else {
            return try failure("unsupported_grant_type", "only client_credentials", .badRequest)
        }
        guard let credentials = credentials(form, request) else {
            return try failure(
                "invalid_client", "client_secret_basic, client_secret_post or private_key_jwt is needed", .unauthorized)
        }
        do {
            let issued = try await clients.issue(
                credentials, scopes: form.optional("scope").map { $0.split(separator: " ").map(String.init) },
                address: request.clientAddress, now: context.now, context)
            var response = try Response.json(
                Token(accessToken: issued.token, scope: issued.scopes.map(\.rawValue).joined(separator: " ")))
            response.headers[.named("Pragma")] = "no-cache"
            return response
        } catch let refusal as APIClientSignIn.Refusal {
            switch refusal {
            case .invalidClient:
                return try failure("invalid_client", "unknown client, wrong or used credentials", .unauthorized)
            case .invalidScope:
                return try failure("invalid_scope", "not among the scopes this client was given", .badRequest)
            case .blocked(let seconds):
                var response = try failure("slow_down", "too many attempts", .tooManyRequests)
                response.headers[.retryAfter] = String(seconds)
                return response
            }
        }
    }

    private func credentials(_ form: FormData, _ request: Request) -> APIClientSignIn.Credentials? {
        if let assertion = form.optional("client_assertion") {
            guard form.optional("client_assertion_type") == Self.assertionType else { return nil }
            return .assertion(assertion)
        }
        if let id = form.optional("client_id"), let secret = form.optional("client_secret") {
            return .secret(id: id, secret: secret)
        }
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("basic "),
            let decoded = Data(base64Encoded: String(header.dropFirst(6))),
            let text = String(data: decoded, encoding: .utf8)
        else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0).removingPercentEncoding }
        guard parts.count == 2, let id = parts[0], let secret = parts[1] else { return nil }
        return .secret(id: id, secret: secret)
    }

    private func failure(_ code: String, _ text: String, _ status: HTTPResponse.Status) throws -> Response {
        var response = try Response.json(Failure(error: code, errorDescription: text), status: status)
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Basic realm=\"registry\"" }
        return response
    }
}
