import Access
import Calendar
import Contracts
import Crypto
import Foundation
import Journal
import Postgres
import ServiceKit

/// Client credentials grant (RFC 6749 §4.4) with a secret, or with a signed assertion (RFC 7523, private_key_jwt).
struct APIClientSignIn: Sendable {
    enum Credentials: Sendable {
        case secret(id: String, secret: String)
        case assertion(String)
    }

    enum Refusal: Error {
        case invalidClient
        case invalidScope
        case blocked(seconds: Int)
    }

    struct Issued: Sendable {
        let token: String
        let scopes: [Action]
    }

    private struct Assertion: Decodable {
        let iss: String
        let sub: String
        let aud: OneOrMany
        let exp: Double
        let iat: Double?
        let nbf: Double?
        let jti: String
    }

    /// An assertion is made for one request: none lives longer.
    private static let longestAssertion: Double = 600
    private static let skew: Double = 60

    let signIn: SignIn
    /// What an assertion names as its audience: the token endpoint, or the origin of the site.
    let audiences: Set<String>

    func issue(
        _ credentials: Credentials, scopes wanted: [String]?, address: String, now: Instant, _ context: BrightContext
    ) async throws -> Issued {
        let clientId = try Self.clientId(credentials)
        let visit = Visit(address: address, agent: nil, formerSession: nil)
        do {
            try await signIn.count(login: "client:\(clientId)", visit, now: now)
        } catch SignInRefusal.blocked(let seconds) {
            throw Refusal.blocked(seconds: seconds)
        }
        guard let client = try await APIClientStore.find(clientId, signIn.pool),
            client.isInForce(on: LocalDate(now)),
            let secretId = try await authenticate(client, credentials, now: now)
        else {
            try await refused(clientId, now, context)
            throw Refusal.invalidClient
        }
        try await SignInFailures.forgive(login: "client:\(clientId)", address: address, signIn.pool)
        let granted: [Action]
        if let wanted {
            let named = wanted.compactMap { Action(rawValue: $0) }
            guard !named.isEmpty, named.count == wanted.count, named.allSatisfy(client.scopes.contains) else {
                throw Refusal.invalidScope
            }
            granted = named
        } else {
            granted = client.scopes
        }
        guard let principal = try await principal(client, granted) else { throw Refusal.invalidClient }
        try await APIClientStore.noteUse(client.id, secret: secretId.value, address: address, now: now, signIn.pool)
        let token = try await signIn.signer.sign(
            principal, now: now, notAfter: client.validTo?.adding(days: 1).start)
        return Issued(token: token, scopes: granted)
    }

    private static func clientId(_ credentials: Credentials) throws -> String {
        switch credentials {
        case .secret(let id, _): return id
        case .assertion(let text):
            do {
                return try ForeignToken(text).unverified(Assertion.self).sub
            } catch {
                throw Refusal.invalidClient
            }
        }
    }

    /// The secret that fitted, if it was one.
    private struct Proof {
        let value: String?
    }

    private func authenticate(
        _ client: APIClientStore.Client, _ credentials: Credentials, now: Instant
    ) async throws -> Proof? {
        switch credentials {
        case .secret(_, let secret):
            let hash = SessionStore.hash(secret)
            let fitting = try await APIClientStore.secrets(client.id, now: now, signIn.pool).filter {
                constantTimeEquals($0.hash, hash)
            }
            return fitting.first.map { Proof(value: $0.id) }
        case .assertion(let text):
            return try await isGood(text, of: client, now: now) ? Proof(value: nil) : nil
        }
    }

    private func isGood(_ text: String, of client: APIClientStore.Client, now: Instant) async throws -> Bool {
        guard let jwks = client.publicKeys else { return false }
        let assertion: Assertion
        do {
            assertion = try ForeignToken(text).claims(
                Assertion.self, verifiedBy: try ForeignKeys(json: Array(jwks.utf8)))
        } catch is TokenError {
            return false
        }
        let seconds = Double(now.microseconds) / 1_000_000
        guard assertion.iss == client.id, assertion.sub == client.id,
            !audiences.isDisjoint(with: assertion.aud.values), seconds < assertion.exp,
            assertion.exp <= seconds + Self.longestAssertion + Self.skew,
            (assertion.nbf ?? assertion.iat ?? 0) <= seconds + Self.skew,
            (1...255).contains(assertion.jti.utf8.count)
        else { return false }
        return try await FederatedStore.isFirst(
            issuer: "client:\(client.id)", jti: assertion.jti,
            until: now + .seconds(Int(Self.longestAssertion + 2 * Self.skew)), signIn.pool)
    }

    private func principal(_ client: APIClientStore.Client, _ scopes: [Action]) async throws -> Principal? {
        guard let id = client.organId,
            let organ = try await signIn.pool.query(OrganStore.all, OrganStore.decode).first(where: { $0.id == id })
        else { return nil }
        return Principal(
            personId: PersonID(rawValue: client.id), role: client.role, organId: organ.id, organLevel: organ.level,
            department: organ.department, divisionCode: organ.divisionCode, scopes: Set(scopes))
    }

    private func refused(_ clientId: String, _ now: Instant, _ context: BrightContext) async throws {
        let subject = WellFormed.isIdentifier(clientId) ? clientId : "unknown"
        let known = try await APIClientStore.find(subject, signIn.pool) != nil
        try await signIn.pool.transaction { transaction in
            try await transaction.record(
                "brightkitchen.registry.api-client.refused.v1", subject: known ? subject : "unknown",
                data: [String: String](), context.eventContext(actor: .system("oauth")), occurredAt: now)
        }
    }
}
