import Calendar
import Contracts
import Synchronization

/// Keeps a viewer who knocks without end from filling the journal: the first refusals of a minute are written down one
/// by one, the rest as one entry with their number.
final class RefusalTally: Sendable {
    /// Entries of one viewer, reason and school in a minute.
    static let single = 5
    static let window: Duration = .seconds(60)

    struct Key: Hashable, Sendable {
        let viewer: String
        let school: SchoolID?
        let reason: String
    }

    private struct Count {
        var since: Instant
        var seen = 0
        var last: Instant
        var unwritten: Int { max(0, seen - RefusalTally.single) }
    }

    private let counts = Mutex<[Key: Count]>([:])

    /// True when this refusal gets an entry of its own.
    func isSingle(_ key: Key, now: Instant) -> Bool {
        counts.withLock { counts in
            var count = counts[key] ?? Count(since: now, last: now)
            count.seen += 1
            count.last = now
            counts[key] = count
            return count.seen <= Self.single
        }
    }

    /// What has to be written in sums; windows that are over are forgotten. With `all` also those that still run.
    func drain(now: Instant, all: Bool = false) -> [(key: Key, count: Int, last: Instant)] {
        counts.withLock { counts in
            let over = counts.filter { all || now >= $0.value.since + Self.window }
            for key in over.keys { counts[key] = nil }
            return over.filter { $0.value.unwritten > 0 }.map { ($0.key, $0.value.unwritten, $0.value.last) }
        }
    }
}
