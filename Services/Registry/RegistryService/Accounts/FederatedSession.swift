/// A session at the city's OpenID Connect provider, from which one of ours came.
struct FederatedSession: Codable, Sendable {
    let issuer: String
    let subject: String
    /// The provider's `sid`; nil when it gives none.
    let providerSid: String?
    let idToken: String
}
