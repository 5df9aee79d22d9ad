import Synchronization

/// Wakes waiting tasks. Every `send()` that nobody was waiting for is remembered once, so a wake-up is never lost.
public final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    public init() {}

    public func send() {
        let waiters = state.withLock { state in
            let waiters = Array(state.waiters.values)
            state.waiters.removeAll()
            state.isSet = waiters.isEmpty
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Returns after the next `send()`, at once if one is remembered, or when the task is cancelled.
    public func wait() async {
        _ = await waitUnlessCancelled()
    }

    /// Waits for `send()` or the time limit, whichever comes first. True when it was signalled in time.
    ///
    /// A signal that arrives at the very moment the limit ends is reported, not swallowed.
    @discardableResult
    public func wait(atMost limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.waitUnlessCancelled() }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return false }
                return false
            }
            var isSignalled = false
            while let result = await group.next() {
                isSignalled = isSignalled || result
                group.cancelAll()
            }
            return isSignalled
        }
    }

    /// True when woken by `send()`, false when woken by cancellation; a cancelled waiter consumes no signal.
    private func waitUnlessCancelled() async -> Bool {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let isSignalled = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Bool? in
                    if state.cancelled.remove(number) != nil { return false }
                    if state.isSet {
                        state.isSet = false
                        return true
                    }
                    state.waiters[number] = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
                state.cancelled.insert(number)
                return nil
            }
            waiter?.resume(returning: false)
        }
        // A cancellation that came after the wake-up left its number behind.
        state.withLock { _ = $0.cancelled.remove(number) }
        return isSignalled
    }
}
