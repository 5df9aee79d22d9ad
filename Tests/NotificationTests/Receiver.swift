import Calendar
import Concurrency
import Delivery
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization

/// A department's system: a real HTTP server on the loopback interface that keeps what it was sent.
final class Receiver: Sendable {
    struct Message: Sendable {
        let headers: [HTTPHeader]
        let body: [UInt8]

        var id: String { headers.first { $0.name == "webhook-id" }?.value ?? "" }
    }

    private let state = Mutex((messages: [Message](), answers: [HTTPResponse.Status](), retryAfter: String?.none))

    var messages: [Message] { state.withLock { $0.messages } }
    var count: Int { state.withLock { $0.messages.count } }

    /// Answers of the next requests; 204 when there is none left.
    func answer(_ statuses: HTTPResponse.Status..., retryAfter: String? = nil) {
        state.withLock {
            $0.answers = statuses
            $0.retryAfter = retryAfter
        }
    }

    /// Every request waits for this before it is answered, once set.
    let gate = Signal()
    private let isGated = Atomic<Bool>(false)
    /// One for each request that arrived.
    let arrived = Signal()

    func holdAnswers() { isGated.store(true, ordering: .sequentiallyConsistent) }

    /// Runs the server while the body does; gives the URL.
    func run(_ body: @Sendable @escaping (String) async throws -> Void) async throws {
        let router = Router()
        router.post("/hook") { request, _ -> Response in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let message = Message(
                headers: request.headers.map { HTTPHeader($0.name.canonicalName, $0.value) },
                body: Array(bytes.readableBytesView))
            let (status, retryAfter) = self.state.withLock { state in
                state.messages.append(message)
                let status = state.answers.isEmpty ? HTTPResponse.Status.noContent : state.answers.removeFirst()
                return (status, status == .noContent ? nil : state.retryAfter)
            }
            self.arrived.send()
            if self.isGated.load(ordering: .sequentiallyConsistent) { await self.gate.wait() }
            var headers = HTTPFields()
            if let retryAfter { headers[.retryAfter] = retryAfter }
            return Response(status: status, headers: headers)
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .error
        try await Application(router: router, logger: logger).test(.live) { client in
            try await body("http://127.0.0.1:\(client.port ?? 0)/hook")
        }
    }
}
