import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Watches the ends of validity: reminds 60, 30, 7 and 0 days before, and takes down what is over.
/// Idempotent, and safe to run in several processes: the item's row decides.
struct ItemClock: Service {
    static let reminderDays = [60, 30, 7, 0]

    let pool: PostgresPool
    let clock: any WallClock
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        try await RepeatedWork("items reminded of or expired", every: interval, logger: logger) { try await tick() }
            .run()
    }

    /// Returns how many items were reminded of or expired.
    func tick() async throws -> Int {
        let now = clock.now()
        let today = LocalDate(now)
        var done = 0
        for item in try await ending(today) {
            let acted = try await pool.transaction { transaction in
                try await handle(item, today, now, transaction)
            }
            if acted { done += 1 }
        }
        return done
    }

    /// D1 says its own end on the page and is not taken down; D9 is renewed too often to be reminded of.
    private func ending(_ today: LocalDate) async throws -> [ItemID] {
        try await pool.query(
            """
            SELECT item_id FROM item_head
            WHERE state = \(ItemState.published) AND valid_to IS NOT NULL AND (
                (valid_to < \(today) AND category <> \(DisclosureCategory.d1))
                OR (valid_to >= \(today) AND category <> \(DisclosureCategory.d9) AND (
                    SELECT min(days) FROM unnest(\(Self.reminderDays)::bigint[]) AS days
                    WHERE days >= valid_to - \(today)::date AND days < valid_to - valid_from) < coalesce(reminded, 1000)))
            ORDER BY valid_to, item_id
            """
        ) { try $0["item_id"] as ItemID }
    }

    private func handle(
        _ item: ItemID, _ today: LocalDate, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let context = EventContext(actor: .system("disclosure"), correlationId: UUIDv7.string())
        let publication = Publication(transaction: transaction, context: context, now: now)
        guard let found = try await ItemStore.head(item, transaction) else { return false }
        try await publication.lock(found.canteenId)
        guard let head = try await ItemStore.locked(item, transaction), var record = head.published,
            record.state == .published, let end = record.validTo
        else { return false }
        if end < today {
            guard record.category != .d1 else { return false }
            record.state = .expired
            record.recordedAt = now
            try await publication.append(
                record,
                events: [
                    ItemExpired(
                        itemId: item, canteenId: head.canteenId, category: head.category, version: record.version,
                        validTo: end)
                ])
            return true
        }
        let left = end.daysSinceEpoch - today.daysSinceEpoch
        let term = end.daysSinceEpoch - record.validFrom.daysSinceEpoch
        guard let threshold = Self.reminderDays.filter({ $0 >= left && $0 < term }).min() else { return false }
        let changed = try await transaction.execute(
            """
            UPDATE item_head SET reminded = \(threshold)
            WHERE item_id = \(item) AND coalesce(reminded, 1000) > \(threshold)
            """)
        guard changed == 1 else { return false }
        try await transaction.publish(
            ItemExpiring(
                itemId: item, canteenId: head.canteenId, category: head.category, validTo: end, daysLeft: left),
            context, occurredAt: now)
        return true
    }
}
