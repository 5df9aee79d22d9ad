import CLibPQ
import Foundation
import Synchronization

/// Cancels the statement that runs on a connection, from any thread, and never the one after it.
///
/// @unchecked: libpq's cancel handle is read-only and `PQcancel` may be called from any thread; the handle is replaced
/// and freed with the lock held.
final class Canceller: @unchecked Sendable {
    private struct State {
        var running: UInt64?
        var isSent = false
    }

    private let state = Mutex(State())
    private let tickets = Atomic<UInt64>(0)
    private var handle: OpaquePointer?

    /// Set once, before the first statement.
    func connect(_ handle: OpaquePointer?) {
        state.withLock { _ in self.handle = handle }
    }

    deinit { PQfreeCancel(handle) }

    /// Names a statement that is going to run.
    func newTicket() -> UInt64 {
        tickets.add(1, ordering: .relaxed).newValue
    }

    func begin(_ ticket: UInt64) {
        state.withLock { $0 = State(running: ticket) }
    }

    /// True when a cancellation was sent to the statement. From now on none will be.
    func end() -> Bool {
        state.withLock { state in
            defer { state = State() }
            return state.isSent
        }
    }

    /// Asks the server to cancel this statement if it is the one that runs. Opens a connection for it, hence a thread
    /// of its own: the caller is a task that must not block.
    func cancel(_ ticket: UInt64) {
        Thread.detachNewThread {
            // `end()` waits for this lock: the server has got the signal before another statement can start.
            self.state.withLock { state in
                guard state.running == ticket, !state.isSent, let handle = self.handle else { return }
                var message = [CChar](repeating: 0, count: 256)
                state.isSent = PQcancel(handle, &message, Int32(message.count)) == 1
            }
        }
    }
}
