/// Below this position nothing can turn up in `journal_pending` any more that has no leaf yet. Pure.
///
/// Deleted rows stay in the index as long as somebody's snapshot may see them: without a floor each look for the next
/// entries would walk over all of them. A position is settled once every transaction that could have taken it is over,
/// which three observations, in this order, prove: the sequence's last value; a snapshot's upper bound (whoever took a
/// position before has a transaction id below it); a snapshot whose lower bound has reached that.
struct PendingFloor: Sendable {
    struct Observation: Sendable {
        /// `pg_snapshot_xmin`: all transactions below are over.
        var snapshotStart: Int64
        /// `pg_snapshot_xmax`: all transactions from here on had not begun.
        var snapshotEnd: Int64
        /// Last position given, read after the snapshot was taken.
        var lastPosition: Int64
    }

    private(set) var position: Int64 = 0
    private var candidate: (last: Int64, bound: Int64?)?
    /// Once settled, settled for ever.
    private var settled: Int64?

    mutating func observe(_ now: Observation) {
        guard let (last, bound) = candidate else {
            candidate = (now.lastPosition, nil)
            return
        }
        guard let bound else {
            candidate = (last, now.snapshotEnd)
            return
        }
        if now.snapshotStart >= bound {
            settled = max(settled ?? 0, last)
            candidate = (now.lastPosition, nil)
        }
    }

    /// A look from the floor upward that began after the last observation, and all it found is sequenced.
    /// - Parameter lastFound: the highest position when the look was cut off by its limit; nil when it saw everything.
    mutating func swept(upTo lastFound: Int64?) {
        guard let settled else { return }
        position = max(position, min(settled, lastFound ?? settled) + 1)
    }
}
