/// What a route may deviate in.
public struct RouteOptions: Sendable {
    /// 1 MiB: more than any form of ours needs without files.
    public static let defaultBodyLimit = 1_048_576

    /// Largest body in bytes; 413 beyond.
    public var bodyLimit: Int
    /// False only where a caller without our cookie must be able to post: inbound webhooks, device telemetry.
    public var requiresCSRF: Bool

    /// Whether requests are in the audit trail.
    public var audit: AuditOption

    public init(bodyLimit: Int = defaultBodyLimit, requiresCSRF: Bool = true, audit: AuditOption = .byRule) {
        self.bodyLimit = bodyLimit
        self.requiresCSRF = requiresCSRF
        self.audit = audit
    }

    public static let standard = RouteOptions()
    /// A view of video, evidence or personal data that the route's rule does not tell.
    public static let viewed = RouteOptions(audit: .always)
}
