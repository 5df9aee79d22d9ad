/// What a consumer group knows of one producer's stream, and what it does with the next record of it. Pure.
///
/// A stream's records carry 1, 2, 3 …; they may come twice, late, or from the start again (a rewound partition, a log
/// that was lost and republished). The effect of each takes place once, in order, whatever comes.
struct StreamProgress: Hashable, Sendable {
    /// What to do with a record.
    enum Verdict: Hashable, Sendable {
        /// Its turn: run the handler and call `applied`.
        case apply
        /// Its effect is committed, or it waits already: drop it.
        case duplicate
        /// Keep it until the ones before it are done, and call `kept`.
        case keep
    }

    /// Sequence of the last record whose effect took place; 0 before the first.
    private(set) var version: Int64
    /// A handler failed for good: the record after `version` and all that follow wait for a person.
    private(set) var isParked: Bool
    /// Sequences that are kept, all above `version`.
    private(set) var waiting: Set<Int64>

    init(version: Int64 = 0, isParked: Bool = false, waiting: Set<Int64> = []) {
        self.version = version
        self.isParked = isParked
        self.waiting = waiting
    }

    func verdict(for sequence: Int64) -> Verdict {
        if sequence <= version || waiting.contains(sequence) { return .duplicate }
        return !isParked && sequence == version + 1 ? .apply : .keep
    }

    /// The record after `version` had its effect (or was set aside as a dead letter that blocks nobody).
    mutating func applied(_ sequence: Int64) {
        precondition(sequence == version + 1 && !isParked, "an effect out of turn")
        version = sequence
        waiting.remove(sequence)
    }

    mutating func kept(_ sequence: Int64) {
        precondition(sequence > version)
        waiting.insert(sequence)
    }

    /// The handler of the record after `version` failed for good; the record itself is kept.
    mutating func park() {
        isParked = true
        waiting.insert(version + 1)
    }

    /// A person asked for another try.
    mutating func resume() {
        isParked = false
    }

    /// The kept record whose turn it is now.
    var next: Int64? {
        !isParked && waiting.contains(version + 1) ? version + 1 : nil
    }

    /// Records wait although nobody parked the stream: one before them has not come.
    var hasGap: Bool { !isParked && !waiting.isEmpty && next == nil }
}
