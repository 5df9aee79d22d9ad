import Calendar
import Contracts

/// An entry that has no position and no sequence yet.
struct EntryDraft: Sendable {
    struct Destination: Sendable {
        var topic: String
        var partitionKey: String
    }

    let id: EventID
    let type: String
    let subject: String
    let data: [UInt8]
    let destination: Destination?
    let context: EventContext
    let occurredAt: Instant

    init(_ event: some Event, _ context: EventContext, _ occurredAt: Instant) throws {
        try self.init(
            type: Swift.type(of: event).type, subject: event.subject, data: EventJSON.encode(event),
            destination: Destination(topic: event.topic.name, partitionKey: event.partitionKey), context, occurredAt)
    }

    /// Refuses an entry whose leaf could not be written into an entry bundle.
    init(
        type: String, subject: String, data: [UInt8], destination: Destination?, _ context: EventContext,
        _ occurredAt: Instant
    ) throws {
        id = .new()
        self.type = type
        self.subject = subject
        self.data = data
        self.destination = destination
        self.context = context
        self.occurredAt = occurredAt
        // Cheap upper bound first: nearly every entry is far from the limit.
        let texts = [
            type, subject, destination?.topic, destination?.partitionKey, context.actor.rawValue,
            context.correlationId, context.causationId, context.traceparent,
        ]
        let bound = texts.reduce(data.count) { $0 + ($1?.utf8.count ?? 0) } + Self.headerAllowance
        guard bound <= JournalEntry.maximumLeafSize else {
            throw AppendError.entryTooLarge(type: type, bytes: bound)
        }
    }

    /// Field names, lengths, id, time, the longest sequence and a source of up to 64 bytes: below 400 bytes.
    private static let headerAllowance = 512
}
