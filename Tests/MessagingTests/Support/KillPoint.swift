import Concurrency
import Synchronization

/// Holds a relay or a consumer at one point until its task is cancelled: what SIGKILL there would leave behind.
///
/// Nothing of the program runs on after the point but the closing of connections, which the kernel would do as well. That
/// the services themselves survive SIGKILL is shown by the system test.
final class KillPoint: Sendable {
    private let reached = Signal()
    private let left: Mutex<Int>

    /// - Parameter skipping: pass this many times before it holds.
    init(skipping: Int = 0) {
        left = Mutex(skipping)
    }

    /// To be called at the point. Never returns normally once it holds.
    func hold() async throws {
        let passes = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if passes { return }
        reached.send()
        await Signal().wait()
        throw CancellationError()
    }

    func whenReached(within limit: Duration = .seconds(30)) async throws {
        guard await reached.wait(atMost: limit) else { throw Bus.TooLate(what: "the kill point was not reached") }
    }
}
