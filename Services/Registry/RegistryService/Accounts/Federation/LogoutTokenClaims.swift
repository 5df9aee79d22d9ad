import Access

/// Claims of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4).
struct LogoutTokenClaims: Decodable, Sendable {
    struct Event: Decodable, Sendable {}

    static let event = "http://schemas.openid.net/event/backchannel-logout"

    let iss: String
    let sub: String?
    let aud: OneOrMany
    let exp: Double?
    let iat: Double
    let jti: String
    let sid: String?
    let nonce: String?
    let events: [String: Event]
}
