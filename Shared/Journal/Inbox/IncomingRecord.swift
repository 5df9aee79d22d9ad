import Contracts
import Kafka

/// A record, read as far as it can be read before a transaction is opened for it.
struct IncomingRecord: Sendable {
    /// What is to be done when its turn comes.
    enum Action: Sendable {
        case handle(Subscription, decoded: any Sendable)
        /// A known type that this consumer has no use for.
        case pass
        case setAside(DeadLetterKind, error: String)
    }

    let record: ReceivedRecord
    /// nil for a record that is no CloudEvent.
    let envelope: EventEnvelope?
    let action: Action

    init(_ record: ReceivedRecord, subscriptions: [String: Subscription], knownTypes: Set<String>, service: String) {
        self.record = record
        let envelope: EventEnvelope
        do throws(EventEnvelope.Malformed) {
            envelope = try EventEnvelope(record)
        } catch {
            self.envelope = nil
            action = .setAside(.undecodable, error: error.reason)
            return
        }
        self.envelope = envelope
        if let subscription = subscriptions[envelope.type] {
            do {
                action = .handle(subscription, decoded: try subscription.decode(envelope, service))
            } catch {
                action = .setAside(.undecodable, error: String(describing: error))
            }
        } else if knownTypes.contains(envelope.type) {
            action = .pass
        } else {
            action = .setAside(.unknownType, error: "no contract for type \(envelope.type)")
        }
    }
}
