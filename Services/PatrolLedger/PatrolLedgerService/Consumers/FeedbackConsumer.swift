import Contracts
import Journal
import Postgres

extension Subscription {
    /// A parent's complaint that the supervisors found to be true (art 12) becomes a problem with the complaint's id,
    /// so that its outcome finds the way back.
    static func feedbackConfirmed(_ desk: PatrolDesk) -> Subscription {
        .on(FeedbackConfirmed.self) { received, transaction in
            try await desk.raise(received.event, received.context, transaction)
            let event = received.event
            try await transaction.execute(
                """
                INSERT INTO feedback_fact (feedback_id, canteen_id, confirmed_at)
                VALUES (\(event.feedbackId), \(event.canteenId), \(event.confirmedAt))
                ON CONFLICT (feedback_id) DO UPDATE SET confirmed_at = excluded.confirmed_at
                """)
        }
    }
}
