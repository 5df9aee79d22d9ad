/// Everything that is wrong with the configuration, reported together. The process ends with 78 (EX_CONFIG).
public struct ConfigurationFaults: Error, CustomStringConvertible, Sendable {
    public static let exitCode: Int32 = 78
    public let faults: [ConfigurationFault]
    public var description: String {
        "configuration is not usable:\n" + faults.map { "  \($0)" }.joined(separator: "\n")
    }
}
