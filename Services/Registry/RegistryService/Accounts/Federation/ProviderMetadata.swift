/// What the provider says about itself (OpenID Connect Discovery 1.0 §3).
struct ProviderMetadata: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysAddress = "jwks_uri"
        case endSessionEndpoint = "end_session_endpoint"
        case challengeMethods = "code_challenge_methods_supported"
    }

    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysAddress: String
    /// nil: the provider has no logout by the relying party.
    let endSessionEndpoint: String?
    let challengeMethods: [String]?
}
