import HTTPTypes
import Hummingbird

extension HTTPField.Name {
    static let xForwardedFor = named("X-Forwarded-For")
}

extension Request {
    /// The client's address as the gateway saw it (the gateway replaces what a client claims). nil for a request that did
    /// not come through the gateway, which is the only way in from outside.
    public var forwardedAddress: String? {
        guard let last = headers[.xForwardedFor]?.split(separator: ",").last else { return nil }
        let address = last.filter { !$0.isWhitespace }
        return address.isEmpty || address.utf8.count > 64 ? nil : String(address)
    }
}
