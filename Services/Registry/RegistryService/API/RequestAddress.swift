import HTTPTypes
import Hummingbird
import ServiceKit

extension HTTPField.Name {
    static let forwardedFor = named("X-Forwarded-For")
}

extension Request {
    /// The client's address as the gateway saw it (the gateway replaces what a client claims). Requests that did not
    /// come through the gateway, which is the only way in from outside, share one name.
    var clientAddress: String {
        headers[.forwardedFor]?.split(separator: ",").last.map { String($0.filter { !$0.isWhitespace }) } ?? "internal"
    }
}
