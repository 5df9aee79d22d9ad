/// Thrown by a readiness check: the reason, for the operator.
public struct NotReady: Error, CustomStringConvertible {
    public let reason: String
    public init(_ reason: String) { self.reason = reason }
    public var description: String { reason }
}
