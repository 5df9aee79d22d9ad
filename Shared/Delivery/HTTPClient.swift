import Logging
import Synchronization

/// HTTP to other machines through libcurl's multi interface: one thread drives all transfers.
///
/// Redirects are not followed, proxies of the environment are not used, certificates are verified, connections are kept
/// alive, and every address is checked by the `AddressPolicy` after name resolution and before the connection.
/// Cancelling the calling task removes the transfer. `close()` fails what is under way and ends the thread.
public final class HTTPClient: Sendable {
    public let configuration: HTTPClientConfiguration
    private let loop: CurlLoop
    private let lastTransfer = Atomic<UInt64>(0)

    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration(), logger: Logger) throws {
        self.configuration = configuration
        loop = try CurlLoop(configuration: configuration, logger: logger)
        loop.start()
    }

    deinit {
        loop.stop()
    }

    /// Sends the request and waits for the whole response. Throws `DeliveryError`, nothing else.
    public func send(_ request: DeliveryRequest) async throws -> DeliveryResponse {
        let url = try DeliveryURL(request.url, allowsPlainHTTP: configuration.allowsPlainHTTP)
        guard request.headers.allSatisfy(\.isSendable), HTTPHeader(request.method, "").isSendable else {
            throw DeliveryError(.invalidRequest, "a header or the method holds characters that cannot be sent")
        }
        if let address = url.literalAddress, !configuration.addressPolicy.allows(address) {
            throw DeliveryError(.addressForbidden, "\(address) is not a public address")
        }
        let id = lastTransfer.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.submit(.start(CurlTransfer(id: id, request: request, url: url, continuation: continuation)))
                // Cancelled before the transfer was handed over: `onCancel` came first and found nothing to remove.
                if Task.isCancelled { loop.submit(.cancel(id)) }
            }
        } onCancel: {
            loop.submit(.cancel(id))
        }
    }

    /// Fails all requests under way and later ones with `closed`; the thread ends. May be called twice.
    public func close() {
        loop.stop()
    }
}
