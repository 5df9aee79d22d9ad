import Contracts
import Foundation
import Testing
import Yams

/// `docs/events/asyncapi.yaml` describes what the code publishes: no type, topic, key or setting more or less.
struct AsyncAPITests {
    private let document: [String: Any]
    private let topics: [[String: Any]]

    init() throws {
        let text = try String(contentsOf: ContractFiles.events.appending(path: "asyncapi.yaml"), encoding: .utf8)
        document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let list = try String(
            contentsOf: ContractFiles.root.appending(path: "Shared/Contracts/Topics/topics.yaml"), encoding: .utf8)
        let root = try #require(try Yams.load(yaml: list) as? [String: Any])
        topics = try #require(root["topics"] as? [[String: Any]])
    }

    private func at(_ path: String...) throws -> [String: Any] {
        var value: Any = document
        for name in path { value = try #require((value as? [String: Any])?[name], "\(path)") }
        return try #require(value as? [String: Any], "\(path)")
    }

    @Test func isAsyncAPI3() { #expect(document["asyncapi"] as? String == "3.0.0") }

    @Test func messagesAreTheEventTypesAndTheCheckpoint() throws {
        let names = try at("components", "messages").values.compactMap { ($0 as? [String: Any])?["name"] as? String }
        #expect(Set(names) == Set(EventCatalogue.names + ["checkpoint"]))
        #expect(names.count == EventCatalogue.names.count + 1)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        for reference in Self.references(document) {
            if reference.hasPrefix("#/") {
                var value: Any = document
                for name in reference.dropFirst(2).split(separator: "/") {
                    value = try #require((value as? [String: Any])?[String(name)], "\(reference)")
                }
            } else {
                let file = ContractFiles.events.appending(path: reference)
                #expect(FileManager.default.fileExists(atPath: file.path), "\(reference)")
            }
        }
    }

    @Test func everyMessageHasItsSchemaItsKeyAndTheGoldenSample() throws {
        for case let message as [String: Any] in try at("components", "messages").values {
            let name = try #require(message["name"] as? String)
            guard let type = EventCatalogue.type(named: name) else { continue }
            let golden = try ContractFiles.golden(name)
            let payload = try #require(message["payload"] as? [String: Any])
            let schema = try #require(payload["schema"] as? [String: Any])
            #expect(schema["$ref"] as? String == "./schemas/\(name).schema.json")

            let examples = try #require(message["examples"] as? [[String: Any]])
            let example = try #require(examples.first?["payload"])
            let exampleData = try JSONSerialization.data(withJSONObject: example)
            #expect(try JSONValue(exampleData) == JSONValue(Data(golden)), "\(name)")

            let event = try EventJSON.decode(type, from: golden)
            let fields = try JSONValue(Data(golden)).object
            let bindings = try #require((message["bindings"] as? [String: Any])?["kafka"] as? [String: Any])
            let keyField = try #require((bindings["key"] as? [String: Any])?["description"] as? String)
            #expect(fields[keyField]?.string == event.partitionKey, "\(name)")
            let subjectField = try #require(message["x-ce-subject"] as? String)
            #expect(fields[subjectField]?.string == event.subject, "\(name)")
        }
    }

    @Test func everyTypeIsOnTheChannelOfItsTopic() throws {
        var typesOfTopic: [String: Set<String>] = [:]
        for name in EventCatalogue.names {
            let type = try #require(EventCatalogue.type(named: name))
            let event = try EventJSON.decode(type, from: ContractFiles.golden(name))
            typesOfTopic[event.topic.name, default: []].insert(name)
        }
        // The golden bulletins go to one department; their types are on the topics of all three.
        let bulletins = typesOfTopic[Topic.bulletins(for: .education).name]
        for department in Department.allCases { typesOfTopic[Topic.bulletins(for: department).name] = bulletins }
        let messages = try at("components", "messages")
        for case let channel as [String: Any] in try at("channels").values {
            let address = try #require(channel["address"] as? String)
            guard address != Topic.checkpoints.name else { continue }
            let names = try #require(channel["messages"] as? [String: Any]).keys.map { key in
                (messages[key] as? [String: Any])?["name"] as? String ?? key
            }
            #expect(Set(names) == typesOfTopic[address], "\(address)")
        }
    }

    @Test func channelsHaveThePartitionsAndRetentionOfTheTopicList() throws {
        let outbound = topics.filter { !($0["name"] as? String ?? "").contains(".devices.") }
        var seen: Set<String> = []
        for case let channel as [String: Any] in try at("channels").values {
            let address = try #require(channel["address"] as? String)
            let topic = try #require(outbound.first { $0["name"] as? String == address }, "\(address)")
            let binding = try #require((channel["bindings"] as? [String: Any])?["kafka"] as? [String: Any])
            #expect(binding["partitions"] as? Int == topic["partitions"] as? Int, "\(address)")
            let settings = try #require(binding["topicConfiguration"] as? [String: Any])
            #expect(settings["retention.ms"] as? Int == topic["retention_ms"] as? Int, "\(address)")
            seen.insert(address)
        }
        #expect(seen == Set(outbound.compactMap { $0["name"] as? String }))
    }

    @Test func topicListHasEveryTopicOfTheCode() {
        let names = Set(topics.compactMap { $0["name"] as? String })
        let fixed: [Topic] = [
            .registry, .disclosure, .patrol, .notification, .parentAccess, .checkpoints, .telemetry, .deviceAlerts,
        ]
        #expect(names == Set((fixed + Department.allCases.map { Topic.bulletins(for: $0) }).map(\.name)))
    }

    private static func references(_ value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { key, value in
                key == "$ref" ? [value as? String].compactMap { $0 } : references(value)
            }
        case let list as [Any]: list.flatMap(references)
        default: []
        }
    }
}
