import Contracts
import Kafka
import Yams

/// The product's topics as `Contracts/Topics/topics.yaml` lists them.
enum TopicFile {
    private struct Document: Decodable {
        struct Entry: Decodable {
            let name: String
            let partitions: Int
            let retention: Int64
            let write: [String]
            let read: [String]

            enum CodingKeys: String, CodingKey {
                case name
                case partitions
                case retention = "retention_ms"
                case write
                case read
            }
        }

        let topics: [Entry]
    }

    /// Those that `service` writes or reads: a broker with access control does not show it any other.
    static func topics(of service: String) throws -> [TopicSpec] {
        try YAMLDecoder().decode(Document.self, from: Topic.definitions()).topics
            .filter { ($0.write + $0.read).contains(service) }
            .map { TopicSpec(name: $0.name, partitions: $0.partitions, retentionMs: $0.retention) }
    }
}
