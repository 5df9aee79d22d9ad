import Calendar
import Contracts
import Synchronization

/// Keeps a viewer who knocks without end from filling the journal: the first refusals of a minute are written down one
/// by one, the rest as one entry with their number.
final class RefusalTally: Sendable {
    /// Entries of one viewer, reason and school in a minute.
    static let single = 5
    /// Entries of one viewer in a minute, whatever they are refused for.
    static let singlePerViewer = 20
    static let window: Duration = .seconds(60)

    struct Key: Hashable, Sendable {
        let viewer: String
        let school: SchoolID?
        let reason: String
    }

    private struct Count {
        var since: Instant
        var seen = 0
        /// Of those, with an entry of their own.
        var written = 0
        var last: Instant
        var unwritten: Int { seen - written }
    }

    private struct Counts {
        var keys: [Key: Count] = [:]
        var viewers: [String: Count] = [:]
    }

    private let counts = Mutex(Counts())

    /// True when this refusal gets an entry of its own.
    func isSingle(_ key: Key, now: Instant) -> Bool {
        counts.withLock { counts in
            var viewer = counts.viewers[key.viewer] ?? Count(since: now, last: now)
            if now >= viewer.since + Self.window { viewer = Count(since: now, last: now) }
            var count = counts.keys[key] ?? Count(since: now, last: now)
            count.seen += 1
            count.last = now
            let isSingle = count.written < Self.single && viewer.written < Self.singlePerViewer
            if isSingle {
                count.written += 1
                viewer.written += 1
            }
            counts.keys[key] = count
            counts.viewers[key.viewer] = viewer
            return isSingle
        }
    }

    /// What has to be written in sums; windows that are over are forgotten. With `all` also those that still run.
    func drain(now: Instant, all: Bool = false) -> [(key: Key, count: Int, last: Instant)] {
        counts.withLock { counts in
            let over = counts.keys.filter { all || now >= $0.value.since + Self.window }
            for key in over.keys { counts.keys[key] = nil }
            for viewer in counts.viewers where now >= viewer.value.since + Self.window {
                counts.viewers[viewer.key] = nil
            }
            return over.filter { $0.value.unwritten > 0 }.map { ($0.key, $0.value.unwritten, $0.value.last) }
        }
    }
}
