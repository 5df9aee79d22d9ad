/// The city's OpenID Connect provider, as the operator names it.
struct FederationSettings: Sendable {
    /// `iss`, and where `/.well-known/openid-configuration` lies.
    let issuer: String
    let clientId: String
    let clientSecret: String
    /// Origin of this site as browsers see it.
    let publicBaseURL: String
    /// True: a sign-in at the provider counts as two factors. False: the product asks for its own second factor unless
    /// the ID token says that one was used (`amr` with `mfa`, `otp`, `hwk`, `swk` or `sc`).
    let providesSecondFactor: Bool

    var discoveryBase: String { issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer }
    var redirectURI: String { publicBaseURL + "/registry/login/sso/callback" }
    var afterLogoutURI: String { publicBaseURL + "/registry/login" }
}
