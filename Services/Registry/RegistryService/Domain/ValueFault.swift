/// One thing wrong with one value: which column, what was there, and what is allowed instead (in Chinese, for the clerk).
public struct ValueFault: Error, Hashable, Sendable {
    public let code: FaultCode
    public let column: String
    public let value: String
    public let allowed: String

    public init(_ code: FaultCode, column: String, value: String, allowed: String) {
        self.code = code
        self.column = column
        self.value = value
        self.allowed = allowed
    }
}
