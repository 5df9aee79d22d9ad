import Contracts
import Postgres

/// One event type and what a service does with it. The effect is part of the transaction that marks the event as taken
/// in.
public struct Subscription: Sendable {
    /// CloudEvents type.
    public let type: String
    public let topics: [Topic]
    let decode: @Sendable (EventEnvelope, _ service: String) throws -> any Sendable
    /// Gets what `decode` made, in order. All or nothing: a throw undoes the effects of the whole call.
    let handle: @Sendable ([any Sendable], PostgresTransaction) async throws -> Void

    /// Calls the handler once for each event, in order within a key. The handler works only through the transaction.
    ///
    /// - Parameter topics: where the type is found; by default derived from the type's name.
    public static func on<E: Event>(
        _ type: E.Type, topics: [Topic]? = nil,
        _ handle: @escaping @Sendable (ReceivedEvent<E>, PostgresTransaction) async throws -> Void
    ) -> Subscription {
        onBatch(type, topics: topics) { events, transaction in
            for event in events { try await handle(event, transaction) }
        }
    }

    /// Calls the handler with runs of consecutive events, for projections that write many rows with one statement.
    /// A run may hold several events of one key, in order. After a failure the events come again one by one.
    public static func onBatch<E: Event>(
        _ type: E.Type, topics: [Topic]? = nil,
        _ handle: @escaping @Sendable ([ReceivedEvent<E>], PostgresTransaction) async throws -> Void
    ) -> Subscription {
        Subscription(
            type: E.type, topics: topics ?? Topic.carrying(type: E.type),
            decode: { envelope, service in
                ReceivedEvent(
                    id: EventID(rawValue: envelope.id), event: try EventJSON.decode(E.self, from: envelope.data),
                    source: envelope.source, sequence: envelope.sequence, occurredAt: envelope.occurredAt,
                    correlationId: envelope.correlationId, traceparent: envelope.traceparent, consumedBy: service)
            },
            handle: { events, transaction in
                try await handle(events.compactMap { $0 as? ReceivedEvent<E> }, transaction)
            })
    }
}

extension Topic {
    /// The topics that carry a type: `brightkitchen.<service>.….v1` is on `brightkitchen.<service>.v1`, except
    /// bulletins, which go to the topic of the receiving department.
    static func carrying(type: String) -> [Topic] {
        if type.hasPrefix("brightkitchen.notification.bulletin.") {
            return Department.allCases.map { Topic.bulletins(for: $0) }
        }
        let parts = type.split(separator: ".")
        return parts.count > 2 ? [Topic(name: "brightkitchen.\(parts[1]).v1")] : []
    }
}
