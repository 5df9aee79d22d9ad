/// What a look at the topics found.
public struct TopicSurvey: Sendable, Hashable {
    /// Topics that were missing and have been created by this look, by name.
    public let created: [String]
    /// Where a topic is not as it should be, for the operator: who reads too late loses records that a short retention
    /// deleted, and keys change their partition (and so their order) when partitions are added later.
    public let differences: [String]
    public let topics: Int

    init(_ topics: [TopicSpec], metadata: ClusterMetadata, created: [String], retentions: [String: Int64]) {
        self.created = created.sorted()
        self.topics = topics.count
        var differences: [String] = []
        for topic in topics.sorted(by: { $0.name < $1.name }) {
            if let partitions = metadata.topics[topic.name], partitions != topic.partitions {
                differences.append("\(topic.name) has \(partitions) partitions, should have \(topic.partitions)")
            }
            if let wanted = topic.retentionMs, let kept = retentions[topic.name], kept != wanted {
                differences.append("\(topic.name) has retention.ms \(kept), should have \(wanted)")
            }
        }
        self.differences = differences
    }
}
