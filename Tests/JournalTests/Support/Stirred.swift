import Contracts

/// An event of the tests. The topic is part of the value, so that each test has its own.
struct Stirred: Event, Equatable {
    static let type = "brightkitchen.registry.canteen.stirred.v1"
    var topic: Topic { Topic(name: topicName) }
    var partitionKey: String { key }
    var subject: String { key }

    var topicName: String
    var key: String
    var number: Int
    var padding: String = ""

    init(_ number: Int, key: String = "k", topic: String = "brightkitchen.registry.v1", padding: String = "") {
        self.number = number
        self.key = key
        topicName = topic
        self.padding = padding
    }
}
