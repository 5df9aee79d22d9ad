import Calendar
import Contracts
import Postgres

extension PostgresTransaction {
    /// Journals the event in this transaction; the relay publishes it after the commit, in order within its stream.
    @discardableResult
    public func publish(
        _ event: some Event, _ context: EventContext, occurredAt: Instant
    ) async throws -> EventID {
        let draft = try EntryDraft(event, context, occurredAt)
        try await append(one: draft)
        return draft.id
    }

    /// Journals several events in the given order with one statement.
    @discardableResult
    public func publish(
        _ events: [any Event], _ context: EventContext, occurredAt: Instant
    ) async throws -> [EventID] {
        let drafts = try events.map { try EntryDraft($0, context, occurredAt) }
        if drafts.count == 1 {
            try await append(one: drafts[0])
        } else if !drafts.isEmpty {
            try await append(many: drafts)
        }
        return drafts.map(\.id)
    }

    /// Journals something that nobody subscribes to (a login, a hidden patrol): part of the log and its proofs, never
    /// sent to Kafka. As everywhere in the journal: no personal data.
    @discardableResult
    public func record(
        _ type: String, subject: String, data: some Encodable, _ context: EventContext, occurredAt: Instant
    ) async throws -> EventID {
        let draft = try EntryDraft(
            type: type, subject: subject, data: EventJSON.encode(data), destination: nil, context, occurredAt)
        try await append(one: draft)
        return draft.id
    }

    /// One statement: lock the stream's head and raise its version, insert the entry (it takes its position only now,
    /// because its row is made from the head's), insert it for the relay.
    private func append(one draft: EntryDraft) async throws {
        let context = draft.context
        let written: Int
        if let destination = draft.destination {
            written = try await execute(
                """
                WITH head AS (
                    INSERT INTO journal_stream AS s (topic, partition_key, version)
                    VALUES (\(destination.topic), \(destination.partitionKey), 1)
                    ON CONFLICT (topic, partition_key) DO UPDATE SET version = s.version + 1
                    RETURNING s.topic, s.partition_key, s.version
                ), entry AS (
                    INSERT INTO journal (id, type, subject, actor, occurred_at, correlation_id, causation_id,
                                         traceparent, topic, partition_key, sequence, data)
                    SELECT \(draft.id)::uuid, \(draft.type), \(draft.subject), \(context.actor.rawValue),
                           \(draft.occurredAt), \(context.correlationId), \(context.causationId),
                           \(context.traceparent), head.topic, head.partition_key, head.version, \(draft.data)
                    FROM head
                    RETURNING position
                )
                INSERT INTO journal_pending (position) SELECT position FROM entry
                """)
        } else {
            written = try await execute(
                """
                WITH entry AS (
                    INSERT INTO journal (id, type, subject, actor, occurred_at, correlation_id, causation_id,
                                         traceparent, data)
                    VALUES (\(draft.id)::uuid, \(draft.type), \(draft.subject), \(context.actor.rawValue),
                            \(draft.occurredAt), \(context.correlationId), \(context.causationId),
                            \(context.traceparent), \(draft.data))
                    RETURNING position
                )
                INSERT INTO journal_pending (position) SELECT position FROM entry
                """)
        }
        try finishAppend(expected: 1, written: written)
    }

    /// The same for a list. Heads are locked in the order of their keys, so that two lists cannot deadlock each other.
    private func append(many drafts: [EntryDraft]) async throws {
        let context = drafts[0].context
        let written = try await execute(
            """
            WITH input AS (
                SELECT e.*, row_number() OVER (PARTITION BY topic, partition_key ORDER BY n) AS step
                FROM unnest(\(drafts.map(\.id.rawValue))::text[], \(drafts.map(\.type))::text[],
                            \(drafts.map(\.subject))::text[], \(drafts.map { $0.destination?.topic })::text[],
                            \(drafts.map { $0.destination?.partitionKey })::text[], \(drafts.map(\.data))::bytea[])
                     WITH ORDINALITY AS e (id, type, subject, topic, partition_key, data, n)
            ), head AS (
                INSERT INTO journal_stream AS s (topic, partition_key, version)
                SELECT topic, partition_key, count(*) FROM input GROUP BY topic, partition_key
                ORDER BY topic, partition_key
                ON CONFLICT (topic, partition_key) DO UPDATE SET version = s.version + excluded.version
                RETURNING s.topic, s.partition_key, s.version
            ), entry AS (
                INSERT INTO journal (id, type, subject, actor, occurred_at, correlation_id, causation_id,
                                     traceparent, topic, partition_key, sequence, data)
                SELECT i.id::uuid, i.type, i.subject, \(context.actor.rawValue), \(drafts[0].occurredAt),
                       \(context.correlationId), \(context.causationId), \(context.traceparent), i.topic,
                       i.partition_key, head.version - count(*) OVER (PARTITION BY i.topic, i.partition_key) + i.step,
                       i.data
                FROM input i JOIN head USING (topic, partition_key)
                ORDER BY i.n
                RETURNING position
            )
            INSERT INTO journal_pending (position) SELECT position FROM entry
            """)
        try finishAppend(expected: drafts.count, written: written)
    }

    private func finishAppend(expected: Int, written: Int) throws {
        guard written == expected else { throw AppendError.notAppended(expected: expected, written: written) }
        afterCommit { AppendAnnouncements.shared.announce() }
    }
}
