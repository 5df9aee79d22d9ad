/// A fact that a service publishes: one struct per event type and version, JSON in snake_case on the wire.
///
/// Rules: no personal data (persons by pseudonymous id, free text screened before it gets here); complete in itself;
/// fields are only ever added, and added as optionals. A change of meaning is a new type with the next version.
public protocol Event: Codable, Sendable {
    /// CloudEvents `type`: `brightkitchen.<service>.<entity>.<fact>.v1`.
    static var type: String { get }
    /// The topic that carries this event.
    var topic: Topic { get }
    /// Kafka key: everything with one key stays in order. The canteen id, where there is a canteen.
    var partitionKey: String { get }
    /// CloudEvents `subject`: what the event is about.
    var subject: String { get }
}
