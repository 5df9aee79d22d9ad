import Access

/// Claims of an ID token that are looked at (OpenID Connect Core 1.0 §2). Names and addresses are not.
struct IDTokenClaims: Decodable, Sendable {
    let iss: String
    let sub: String
    let aud: OneOrMany
    let exp: Double
    let iat: Double
    let nonce: String?
    let azp: String?
    let sid: String?
    let amr: [String]?

    /// A second factor was used at the provider (RFC 8176).
    var hadSecondFactor: Bool { !Set(amr ?? []).isDisjoint(with: ["mfa", "otp", "hwk", "swk", "sc"]) }
}
