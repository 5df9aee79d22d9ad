/// What signer and verifiers agree on.
public enum TokenParameters {
    public static let issuer = "brightkitchen-registry"
    public static let audience = "brightkitchen"
    /// Short, so that a role taken away is gone soon without a list of revoked tokens.
    public static let lifetime: Duration = .seconds(15 * 60)
    /// Clocks of two hosts may differ by this much when a token is *not yet* valid. Expiry has no leeway (faults row 7).
    static let clockSkew: Duration = .seconds(30)
    /// Longest token that is looked at at all.
    static let maximumBytes = 4096
}
