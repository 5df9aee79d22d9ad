/// A Kafka topic of the product. The list with partitions and settings is `Topics/topics.yaml`.
public struct Topic: Hashable, Sendable {
    public let name: String
    public init(name: String) { self.name = name }

    public static let registry = Topic(name: "brightkitchen.registry.v1")
    public static let disclosure = Topic(name: "brightkitchen.disclosure.v1")
    public static let patrol = Topic(name: "brightkitchen.patrol.v1")
    public static let notification = Topic(name: "brightkitchen.notification.v1")
    public static let parentAccess = Topic(name: "brightkitchen.parent-access.v1")
    public static let checkpoints = Topic(name: "brightkitchen.checkpoints.v1")
    public static let telemetry = Topic(name: "brightkitchen.devices.telemetry.v1")
    public static let deviceAlerts = Topic(name: "brightkitchen.devices.alerts.v1")

    /// What a department subscribes to: bulletins addressed to it.
    public static func bulletins(for department: Department) -> Topic {
        switch department {
        case .education: Topic(name: "brightkitchen.bulletins.education.v1")
        case .humanResources: Topic(name: "brightkitchen.bulletins.human-resources.v1")
        case .marketSupervision: Topic(name: "brightkitchen.bulletins.market-supervision.v1")
        }
    }
}
