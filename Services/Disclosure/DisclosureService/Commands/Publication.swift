import Calendar
import Contracts
import Journal
import Postgres

/// Makes something public: the next entry of an item's history, its new face, the canteen's completeness and the events,
/// all in one transaction. Every change of what the public sees goes through here.
///
/// Locks in one order, canteen before feed before journal, so that two publications do not wait for each other.
struct Publication: Sendable {
    let transaction: PostgresTransaction
    let context: EventContext
    let now: Instant

    func lock(_ canteen: CanteenID) async throws {
        _ = try await transaction.first("SELECT canteen_id FROM canteen WHERE canteen_id = \(canteen) FOR UPDATE") {
            try $0["canteen_id"] as String
        }
    }

    /// `record.position` is filled in. `events` tell what happened; completeness is told when it changed.
    func append(
        _ record: ItemRecord, uniqueKey: String? = nil, by publisher: ItemStore.Publisher? = nil,
        clearsWorking: Bool = false, events told: [any Event]
    ) async throws {
        try await lock(record.canteenId)
        var record = record
        record.position = try await ItemRecordStore.nextPosition(transaction)
        try await ItemRecordStore.insert(record, transaction)
        try await ItemStore.apply(
            record, uniqueKey: uniqueKey, by: publisher, clearsWorking: clearsWorking, transaction)
        var events = told
        if let change = try await CompletenessStore.refresh(record.canteenId, transaction),
            change.before != change.after
        {
            events.append(
                CompletenessChanged(
                    canteenId: record.canteenId, present: change.after.present, missing: change.after.missing))
        }
        try await transaction.publish(events, context, occurredAt: now)
    }
}
