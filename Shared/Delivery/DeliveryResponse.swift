/// A complete response of any status: a 500 is a response, not an error.
public struct DeliveryResponse: Sendable {
    public let status: Int
    public let headers: [HTTPHeader]
    public let body: [UInt8]
    /// From the call to the last byte.
    public let duration: Duration

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// First value of that name; names are compared without case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
