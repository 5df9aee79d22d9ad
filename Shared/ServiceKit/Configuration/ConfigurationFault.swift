/// One thing that is wrong with the configuration. Secrets are named, never shown.
public struct ConfigurationFault: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    /// The value as given; nil when it is missing or secret.
    public let value: String?
    public let allowed: String

    public var description: String {
        value.map { "\(name)=\($0): allowed is \(allowed)" }
            ?? "\(name) is missing or not usable: allowed is \(allowed)"
    }
}
