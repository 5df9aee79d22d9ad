import CCurl

/// A URL that may be called: http or https, with a host, without credentials. Read by libcurl's own parser, so that the
/// check and the connection cannot disagree about which host is meant.
public struct DeliveryURL: Hashable, Sendable {
    /// Longest URL accepted, in bytes.
    public static let maximumLength = 2048

    public let text: String
    public let scheme: String
    public let host: String

    /// - Parameter allowsPlainHTTP: only in the local stack; otherwise https.
    public init(_ text: String, allowsPlainHTTP: Bool) throws {
        guard text.utf8.count <= Self.maximumLength else {
            throw DeliveryError(.invalidRequest, "the URL is longer than \(Self.maximumLength) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw DeliveryError(.invalidRequest, "the URL holds white space or characters outside ASCII")
        }
        guard let handle = curl_url() else {
            throw DeliveryError(.internalFailure, "no memory for a URL")
        }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK else {
            throw DeliveryError(.invalidRequest, "not an absolute http or https URL")
        }
        func part(_ what: CURLUPart) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, what, &value, 0) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        guard let scheme = part(CURLUPART_SCHEME)?.lowercased(),
            scheme == "https" || (scheme == "http" && allowsPlainHTTP)
        else {
            throw DeliveryError(
                .invalidRequest, allowsPlainHTTP ? "only http and https are allowed" : "only https is allowed")
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw DeliveryError(.invalidRequest, "a URL must not carry credentials")
        }
        guard let host = part(CURLUPART_HOST), !host.isEmpty else {
            throw DeliveryError(.invalidRequest, "the URL names no host")
        }
        self.text = text
        self.scheme = scheme
        self.host = host
    }

    /// The address when the host is written as one. (`http://0x7f.1` and the like were normalised by libcurl.)
    public var literalAddress: IPAddress? {
        if host.hasPrefix("["), host.hasSuffix("]") { return IPAddress(host.dropFirst().dropLast()) }
        return IPAddress(host)
    }
}
