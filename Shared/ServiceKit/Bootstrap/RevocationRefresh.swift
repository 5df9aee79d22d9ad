import Access
import Concurrency
import Delivery
import Logging
import ServiceLifecycle

/// Fetches the registry's revocations every two seconds, so that a dismissed person's token stops working everywhere at
/// once. While the registry cannot be reached the last known list stays in force, and a token's own 15 minutes bound
/// what is missed.
struct RevocationRefresh: Service {
    private static let interval: Duration = .seconds(2)

    let url: String
    let http: HTTPClient
    let tokens: TokenVerifier
    let logger: Logger

    func run() async throws {
        let stopping = Signal()
        var isReachable = true
        await withGracefulShutdownHandler {
            repeat {
                do {
                    try await refresh()
                    if !isReachable { logger.info("revocations are fetched again") }
                    isReachable = true
                } catch {
                    if isReachable {
                        logger.warning("revocations cannot be fetched", metadata: ["error": "\(error)"])
                    }
                    isReachable = false
                }
            } while !(await stopping.wait(atMost: Self.interval)) && !Task.isCancelled
        } onGracefulShutdown: {
            stopping.send()
        }
    }

    private func refresh() async throws {
        var request = DeliveryRequest.get(url)
        request.deadline = .seconds(2)
        let response = try await http.send(request)
        guard response.isSuccess else { throw NotReady("the registry answered \(response.status)") }
        tokens.revoke(try Revocations(json: response.body))
    }
}
