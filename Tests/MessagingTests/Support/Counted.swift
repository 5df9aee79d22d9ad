import Contracts

/// The event of these tests: the n-th of its key, on the test's own topic.
struct Counted: Event {
    static let type = "brightkitchen.test.thing.counted.v1"
    var topic: Topic { Topic(name: topicName) }
    var partitionKey: String { key }
    var subject: String { key }

    var topicName: String
    var key: String
    var number: Int
}
