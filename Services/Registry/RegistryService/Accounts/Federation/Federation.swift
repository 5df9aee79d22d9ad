import Access
import Calendar
import Concurrency
import Crypto
import Delivery
import Foundation
import ServiceKit

/// Relying party of one OpenID Connect provider: authorization code with PKCE, discovery, key rotation, logout.
actor Federation {
    /// Unknown key ids make us look again, at most this often.
    static let refreshInterval: Duration = .seconds(10)
    /// Discovery and keys are read again after this time, so that a withdrawn key stops working.
    static let lifetime: Duration = .seconds(600)
    /// Clocks of provider and registry may differ by this much.
    private static let skew: Double = 60
    /// ID tokens are looked at once, at sign-in: none is older than this.
    private static let maximumAge: Double = 600

    nonisolated let settings: FederationSettings
    private let http: HTTPClient
    private let clock: any WallClock
    private var known: (metadata: ProviderMetadata, keys: ForeignKeys, at: Instant)?
    private var triedAt: Instant?

    init(_ settings: FederationSettings, http: HTTPClient, clock: any WallClock) {
        self.settings = settings
        self.http = http
        self.clock = clock
    }

    /// Where the browser goes, and what to remember of the request.
    func authorizationAddress(state: String, nonce: String, codeVerifier: String) async throws -> String {
        let metadata = try await provider().metadata
        let challenge = Base64URL.encode(SHA256.hash(data: Data(codeVerifier.utf8)))
        let parameters = [
            ("response_type", "code"), ("client_id", settings.clientId), ("redirect_uri", settings.redirectURI),
            ("scope", "openid"), ("state", state), ("nonce", nonce), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
        return Self.address(metadata.authorizationEndpoint, parameters)
    }

    private struct TokenAnswer: Decodable {
        enum CodingKeys: String, CodingKey {
            case idToken = "id_token"
        }

        let idToken: String
    }

    /// Exchanges the code; returns the verified claims and the ID token itself.
    func redeem(
        code: String, codeVerifier: String, nonce: String
    ) async throws -> (claims: IDTokenClaims, idToken: String) {
        let metadata = try await provider().metadata
        let fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirectURI),
            ("code_verifier", codeVerifier),
        ]
        // RFC 6749 §2.3.1: id and secret are form-encoded before they are put together.
        let credentials = [settings.clientId, settings.clientSecret].map(PercentEncoding.queryValue)
            .joined(separator: ":")
        let request = DeliveryRequest.post(
            metadata.tokenEndpoint, contentType: "application/x-www-form-urlencoded",
            body: Array(Self.encoded(fields).utf8),
            headers: [
                HTTPHeader("authorization", "Basic " + Data(credentials.utf8).base64EncodedString()),
                HTTPHeader("accept", "application/json"),
            ])
        let response = try await send(request)
        guard response.isSuccess else { throw FederationError.refusedToken("token endpoint: \(response.status)") }
        let answer: TokenAnswer
        do {
            answer = try JSONDecoder().decode(TokenAnswer.self, from: Data(response.body))
        } catch {
            throw FederationError.providerUnavailable("no id_token in the answer")
        }
        let claims = try await verified(answer.idToken, as: IDTokenClaims.self)
        try check(claims, nonce: nonce)
        return (claims, answer.idToken)
    }

    private func check(_ claims: IDTokenClaims, nonce: String) throws {
        let now = Double(clock.now().microseconds) / 1_000_000
        try require(claims.iss == settings.issuer, "iss")
        try require(claims.aud.values.contains(settings.clientId), "aud")
        try require(claims.aud.values.count == 1 || claims.azp == settings.clientId, "azp")
        try require(claims.azp == nil || claims.azp == settings.clientId, "azp")
        try require(now < claims.exp + Self.skew, "exp")
        try require(claims.iat <= now + Self.skew && claims.iat > now - Self.maximumAge, "iat")
        try require(claims.nonce.map { constantTimeEquals($0, nonce) } ?? false, "nonce")
        try require(!claims.sub.isEmpty && claims.sub.utf8.count <= 255, "sub")
    }

    /// A logout token that the provider sent: signature, issuer, audience, times, event; replay is the caller's to check.
    func logoutClaims(_ token: String) async throws -> LogoutTokenClaims {
        let claims = try await verified(token, as: LogoutTokenClaims.self)
        let now = Double(clock.now().microseconds) / 1_000_000
        try require(claims.iss == settings.issuer, "iss")
        try require(claims.aud.values.contains(settings.clientId), "aud")
        try require(claims.iat <= now + Self.skew && claims.iat > now - Self.maximumAge, "iat")
        try require(claims.exp.map { now < $0 + Self.skew } ?? true, "exp")
        try require(claims.events[LogoutTokenClaims.event] != nil, "events")
        // A nonce would make an ID token pass as a logout token.
        try require(claims.nonce == nil, "nonce")
        try require(claims.sub != nil || claims.sid != nil, "sub or sid")
        return claims
    }

    private func require(_ condition: Bool, _ claim: String) throws {
        guard condition else { throw FederationError.refusedToken(claim) }
    }

    private func verified<Claims: Decodable & Sendable>(_ text: String, as type: Claims.Type) async throws -> Claims {
        do {
            let token = try ForeignToken(text)
            return try token.claims(type, verifiedBy: try await provider(having: token.keyId).keys)
        } catch let error as TokenError {
            throw FederationError.refusedToken("\(error)")
        }
    }

    /// Where a browser ends its session at the provider; nil when the provider offers none or cannot be reached (our own
    /// session has ended either way).
    func logoutAddress(idToken: String) async -> String? {
        do {
            guard let endpoint = try await provider().metadata.endSessionEndpoint else { return nil }
            return Self.address(
                endpoint,
                [
                    ("id_token_hint", idToken), ("client_id", settings.clientId),
                    ("post_logout_redirect_uri", settings.afterLogoutURI),
                ])
        } catch {
            return nil
        }
    }

    /// Discovery and keys, fetched when first needed, when they are old, and when a token names an unknown key.
    private func provider(having kid: String? = nil) async throws -> (metadata: ProviderMetadata, keys: ForeignKeys) {
        let now = clock.now()
        if let known, now - known.at < Self.lifetime, known.keys.contains(kid) { return (known.metadata, known.keys) }
        let mayTry = triedAt.map { now - $0 >= Self.refreshInterval } ?? true
        guard mayTry || known == nil else {
            guard let known else { throw FederationError.providerUnavailable("not tried again yet") }
            return (known.metadata, known.keys)
        }
        triedAt = now
        let metadata: ProviderMetadata = try await document(
            settings.discoveryBase + "/.well-known/openid-configuration")
        guard metadata.issuer == settings.issuer else {
            throw FederationError.providerUnavailable("discovery names the issuer \(metadata.issuer)")
        }
        let response = try await send(.get(metadata.keysAddress))
        guard response.isSuccess else { throw FederationError.providerUnavailable("keys: \(response.status)") }
        let keys: ForeignKeys
        do {
            keys = try ForeignKeys(json: response.body)
        } catch {
            throw FederationError.providerUnavailable("the keys cannot be read")
        }
        known = (metadata, keys, now)
        return (metadata, keys)
    }

    private func document<Value: Decodable>(_ address: String) async throws -> Value {
        let response = try await send(.get(address))
        guard response.isSuccess else {
            throw FederationError.providerUnavailable("discovery: \(response.status)")
        }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(response.body))
        } catch {
            throw FederationError.providerUnavailable("discovery cannot be read")
        }
    }

    private func send(_ request: DeliveryRequest) async throws -> DeliveryResponse {
        do {
            return try await http.send(request)
        } catch {
            throw FederationError.providerUnavailable("\(error)")
        }
    }

    private static func encoded(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(PercentEncoding.queryValue($0.1))" }.joined(separator: "&")
    }

    private static func address(_ endpoint: String, _ fields: [(String, String)]) -> String {
        endpoint + (endpoint.contains("?") ? "&" : "?") + encoded(fields)
    }
}
