/// Answer of `/health/ready`.
public struct HealthReport: Encodable, Sendable {
    public struct Result: Encodable, Sendable {
        public let ok: Bool
        public let detail: String
    }

    public let ready: Bool
    public let checks: [String: Result]
}
