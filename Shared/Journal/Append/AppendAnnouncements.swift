import Concurrency
import Synchronization

/// Tells the relays of this process that something was committed, so that they need not wait for their next poll.
///
/// Process-wide on purpose: a transaction knows no relay. A relay that is woken for another schema's entry finds
/// nothing.
final class AppendAnnouncements: Sendable {
    static let shared = AppendAnnouncements()

    private let listeners = Mutex<[ObjectIdentifier: Signal]>([:])

    func add(_ signal: Signal) {
        listeners.withLock { $0[ObjectIdentifier(signal)] = signal }
    }

    func remove(_ signal: Signal) {
        _ = listeners.withLock { $0.removeValue(forKey: ObjectIdentifier(signal)) }
    }

    func announce() {
        for signal in listeners.withLock({ Array($0.values) }) { signal.send() }
    }
}
