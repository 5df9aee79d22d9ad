import Contracts
import Journal
import Postgres

/// What the disclosure service says about the nine categories: part of the connection rule.
struct DisclosureConsumer: Sendable {
    var subscriptions: [Subscription] {
        [
            .onBatch(CompletenessChanged.self) { received, transaction in
                // The last word about a canteen counts.
                var latest: [CanteenID: CompletenessChanged] = [:]
                for item in received { latest[item.event.canteenId] = item.event }
                for event in latest.values.sorted(by: { $0.canteenId.rawValue < $1.canteenId.rawValue }) {
                    try await transaction.execute(
                        """
                        INSERT INTO canteen_disclosure (canteen_id, present) VALUES (\(event.canteenId), \(event.present))
                        ON CONFLICT (canteen_id) DO UPDATE SET present = excluded.present
                        """)
                }
                try await AccessStore.mark(Array(latest.keys), transaction)
            }
        ]
    }
}
