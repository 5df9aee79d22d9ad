import ArgumentParser
import Kafka

/// `name:partitions`
struct TopicArgument: ExpressibleByArgument {
    let spec: TopicSpec

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let partitions = Int(parts[1]), (1...1_000).contains(partitions)
        else { return nil }
        spec = TopicSpec(name: String(parts[0]), partitions: partitions)
    }
}
