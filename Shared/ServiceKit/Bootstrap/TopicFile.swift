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

            enum CodingKeys: String, CodingKey {
                case name
                case partitions
                case retention = "retention_ms"
            }
        }

        let topics: [Entry]
    }

    static func topics() throws -> [TopicSpec] {
        try YAMLDecoder().decode(Document.self, from: Topic.definitions()).topics.map {
            TopicSpec(name: $0.name, partitions: $0.partitions, retentionMs: $0.retention)
        }
    }
}
