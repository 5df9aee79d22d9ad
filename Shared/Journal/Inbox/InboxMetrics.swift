import Metrics

/// Counters of one consumer group.
struct InboxMetrics: Sendable {
    let parked: Counter
    private let handled: Counter
    private let passed: Counter
    private let duplicates: Counter
    private let kept: Counter
    private let undecodable: Counter
    private let unknownType: Counter

    init(consumer: String) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: "inbox_records_total", dimensions: [("consumer", consumer), ("outcome", outcome)])
        }
        parked = counter("parked")
        handled = counter("handled")
        passed = counter("passed")
        duplicates = counter("duplicate")
        kept = counter("kept")
        undecodable = counter("undecodable")
        unknownType = counter("unknown_type")
    }

    func count(_ tally: InboxTally) {
        handled.increment(by: tally.handled)
        passed.increment(by: tally.passed)
        duplicates.increment(by: tally.duplicates)
        kept.increment(by: tally.kept)
        undecodable.increment(by: tally.setAside[.undecodable] ?? 0)
        unknownType.increment(by: tally.setAside[.unknownType] ?? 0)
    }
}
