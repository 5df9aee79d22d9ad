import Calendar
import Contracts
import Synchronization

/// Bytes of public records by canteen and revision. Never stale: the revision is read from the database for every
/// request, and a write raises it. Bounded in bytes; the whole half that was not asked for lately goes first.
final class RecordCache: Sendable {
    struct Key: Hashable, Sendable {
        let canteen: CanteenID
        let revision: Int
        let day: LocalDate
    }

    private struct Generations {
        var young: [CanteenID: (key: Key, bytes: [UInt8])] = [:]
        var old: [CanteenID: (key: Key, bytes: [UInt8])] = [:]
        var youngBytes = 0
    }

    private let limit: Int
    private let state = Mutex(Generations())

    /// `maximumBytes` of content, in two generations.
    init(maximumBytes: Int = 32 << 20) {
        limit = maximumBytes / 2
    }

    func bytes(for key: Key) -> [UInt8]? {
        state.withLock { state in
            if let entry = state.young[key.canteen], entry.key == key { return entry.bytes }
            guard let entry = state.old[key.canteen], entry.key == key else { return nil }
            insert(entry.bytes, key, &state)
            return entry.bytes
        }
    }

    func keep(_ bytes: [UInt8], for key: Key) {
        guard bytes.count <= limit else { return }
        state.withLock { insert(bytes, key, &$0) }
    }

    private func insert(_ bytes: [UInt8], _ key: Key, _ state: inout Generations) {
        if let before = state.young[key.canteen] { state.youngBytes -= before.bytes.count }
        if state.youngBytes + bytes.count > limit {
            state.old = state.young
            state.young = [:]
            state.youngBytes = 0
        }
        state.young[key.canteen] = (key, bytes)
        state.youngBytes += bytes.count
    }
}
