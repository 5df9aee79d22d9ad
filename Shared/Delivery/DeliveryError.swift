/// Why a request did not end in a response. Every libcurl code is mapped here once; nobody else looks at them.
public struct DeliveryError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, CaseIterable, Sendable {
        /// The URL, a header or an option cannot be sent: malformed, credentials in the URL, scheme not allowed.
        case invalidRequest = "invalid_request"
        /// Every address of the host is forbidden by the `AddressPolicy`.
        case addressForbidden = "address_forbidden"
        case nameNotResolved = "name_not_resolved"
        case connectFailed = "connect_failed"
        /// No TLS, or a certificate that does not prove the host's name.
        case tlsFailed = "tls_failed"
        /// The connect deadline or the total deadline passed.
        case timedOut = "timed_out"
        /// More bytes than the request allows; the rest was not read.
        case responseTooLarge = "response_too_large"
        /// The connection ended before the response was complete. The receiver may have acted on the request.
        case connectionLost = "connection_lost"
        /// The peer does not speak HTTP.
        case protocolViolation = "protocol_violation"
        case cancelled
        /// The client was closed.
        case closed
        case internalFailure = "internal_failure"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// True when the same request may succeed later without anybody changing it.
    public var isRetriable: Bool {
        switch code {
        case .nameNotResolved, .connectFailed, .timedOut, .connectionLost, .tlsFailed, .protocolViolation,
            .responseTooLarge, .internalFailure, .closed, .addressForbidden:
            true
        case .invalidRequest, .cancelled: false
        }
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
