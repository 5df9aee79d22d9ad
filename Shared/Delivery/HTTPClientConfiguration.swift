/// Limits of an `HTTPClient`.
public struct HTTPClientConfiguration: Sendable {
    public var addressPolicy: AddressPolicy
    /// http besides https; only in the local stack.
    public var allowsPlainHTTP: Bool
    /// Name resolution, TCP and TLS together.
    public var connectDeadline: Duration
    /// The whole request. Standard Webhooks recommends 15 to 30 s.
    public var deadline: Duration
    /// Cap of a response body.
    public var maximumResponseBytes: Int
    public var maximumConnections: Int
    /// So that one slow receiver cannot use up all connections.
    public var maximumConnectionsPerHost: Int
    /// PEM file of authorities to trust instead of the system's.
    public var certificateAuthorities: String?
    public var userAgent: String

    public init(
        addressPolicy: AddressPolicy = .publicOnly, allowsPlainHTTP: Bool = false,
        connectDeadline: Duration = .seconds(5), deadline: Duration = .seconds(20),
        maximumResponseBytes: Int = 64 * 1024, maximumConnections: Int = 256, maximumConnectionsPerHost: Int = 16,
        certificateAuthorities: String? = nil, userAgent: String = "BrightKitchen/1"
    ) {
        self.addressPolicy = addressPolicy
        self.allowsPlainHTTP = allowsPlainHTTP
        self.connectDeadline = connectDeadline
        self.deadline = deadline
        self.maximumResponseBytes = maximumResponseBytes
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.certificateAuthorities = certificateAuthorities
        self.userAgent = userAgent
    }

    /// For calls inside the local stack and between the product's own services: plain http to any private address.
    public static let internalCalls = HTTPClientConfiguration(
        addressPolicy: AddressPolicy(
            allowedSubnets: ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
                .compactMap { Subnet($0) }),
        allowsPlainHTTP: true, connectDeadline: .seconds(2), deadline: .seconds(5), maximumResponseBytes: 1024 * 1024)
}
