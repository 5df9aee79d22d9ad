import Kafka

/// Limits how often a partition is read again because a record is missing: after 1, 2, 4 … minutes, at most hourly.
/// A record that never comes must not keep the consumer busy for ever.
struct PartitionRewinds: Sendable {
    private struct Last: Sendable {
        var at: ContinuousClock.Instant
        var count: Int
    }

    private var last: [TopicPartition: Last] = [:]

    /// True when the partition should be rewound now; counts it as done.
    mutating func mayRewind(_ partition: TopicPartition, at now: ContinuousClock.Instant) -> Bool {
        guard let previous = last[partition] else {
            last[partition] = Last(at: now, count: 1)
            return true
        }
        let pause = min(Duration.seconds(60) * (1 << min(previous.count - 1, 6)), .seconds(3_600))
        guard previous.at + pause <= now else { return false }
        last[partition] = Last(at: now, count: previous.count + 1)
        return true
    }

    mutating func forget(_ partitions: Set<TopicPartition>) {
        for partition in partitions { last[partition] = nil }
    }
}
