import CCurl
import Foundation

/// One request on its way. Used by the loop's thread only, after it was handed over.
final class CurlTransfer: @unchecked Sendable {
    // @unchecked: created by the caller, then given to the loop's thread, which alone touches it from there on.
    let id: UInt64
    let request: DeliveryRequest
    let url: DeliveryURL
    private var continuation: CheckedContinuation<DeliveryResponse, any Error>?

    var policy = AddressPolicy.publicOnly
    var maximumBytes = 0
    /// All header lines together; a hostile receiver may send them without end.
    static let maximumHeaderBytes = 64 * 1024
    var headerList: UnsafeMutablePointer<curl_slist>?
    let started = ContinuousClock.now

    private(set) var body: [UInt8] = []
    private(set) var headers: [HTTPHeader] = []
    private var headerBytes = 0
    private(set) var overflowed = false
    private(set) var forbiddenAddress: IPAddress?

    init(
        id: UInt64, request: DeliveryRequest, url: DeliveryURL,
        continuation: CheckedContinuation<DeliveryResponse, any Error>
    ) {
        self.id = id
        self.request = request
        self.url = url
        self.continuation = continuation
    }

    /// False when the body would become longer than allowed.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count + bytes.count <= maximumBytes else {
            overflowed = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    func appendHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.maximumHeaderBytes else {
            overflowed = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers.removeAll()  // an interim (1xx) response came before
            return true
        }
        guard let colon = text.firstIndex(of: ":") else { return true }
        headers.append(
            HTTPHeader(
                String(text[..<colon]),
                text[text.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)))
        return true
    }

    /// Opens the socket if the policy allows the address; the invalid socket otherwise.
    func openSocket(_ description: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let address = description.pointee
        guard let sockaddr = bk_curl_address(description),
            let ip = IPAddress(sockaddr, length: Int(address.addrlen))
        else { return -1 }
        guard policy.allows(ip) else {
            forbiddenAddress = ip
            return -1
        }
        return socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
    }

    func finish(_ result: Result<DeliveryResponse, DeliveryError>) {
        if let headerList {
            curl_slist_free_all(headerList)
            self.headerList = nil
        }
        continuation?.resume(with: result.mapError { $0 as any Error })
        continuation = nil
    }
}
