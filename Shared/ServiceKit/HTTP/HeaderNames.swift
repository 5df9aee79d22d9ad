import HTTPTypes

extension HTTPField.Name {
    /// For names written in our source: a wrong one is a programming error.
    public static func named(_ name: String) -> HTTPField.Name {
        guard let value = HTTPField.Name(name) else { preconditionFailure("not a header name: \(name)") }
        return value
    }

    public static let correlationId = named("X-Correlation-Id")
    public static let traceparent = named("traceparent")
    public static let csrfToken = named("X-CSRF-Token")
    public static let idempotencyKey = named("Idempotency-Key")
    static let referrerPolicy = named("Referrer-Policy")
    static let permissionsPolicy = named("Permissions-Policy")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    static let crossOriginResourcePolicy = named("Cross-Origin-Resource-Policy")
    static let secFetchSite = named("Sec-Fetch-Site")
}
