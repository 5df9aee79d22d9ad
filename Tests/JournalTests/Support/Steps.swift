import Concurrency
import Synchronization

/// Remembers what a relay or consumer reported, and lets a test wait for it with a deadline.
final class Steps<Step: Sendable>: Sendable {
    private let seen = Mutex<[Step]>([])
    private let signal = Signal()

    struct NotSeen: Error, CustomStringConvertible {
        var description: String
    }

    var all: [Step] { seen.withLock { $0 } }

    func add(_ step: Step) {
        seen.withLock { $0.append(step) }
        signal.send()
    }

    /// Returns when `condition` holds for what was seen so far.
    func wait(atMost limit: Duration = .seconds(20), until condition: ([Step]) -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while !condition(all) {
            guard ContinuousClock.now < deadline else { throw NotSeen(description: "seen within \(limit): \(all)") }
            await signal.wait(atMost: .milliseconds(200))
        }
    }
}
