import Contracts

/// An event of the usual size: some 400 bytes of JSON.
struct ThingChanged: Event {
    static let type = "brightkitchen.bench.thing.changed.v1"
    var topic: Topic { Topic(name: topicName) }
    var partitionKey: String { key }
    var subject: String { key }

    var topicName: String
    var key: String
    var number: Int
    var text: String

    static let text = String(repeating: "后厨监控正常 kitchen in view. ", count: 8)
    /// As many streams as the city has canteens.
    static let keys = 6_500

    static func numbered(_ number: Int, topic: String) -> ThingChanged {
        // Neighbours are of different streams, as canteens report side by side.
        ThingChanged(topicName: topic, key: "canteen-\(number % keys)", number: number, text: text)
    }
}
