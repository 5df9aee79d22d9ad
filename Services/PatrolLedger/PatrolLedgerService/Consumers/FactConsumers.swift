import Calendar
import Contracts
import Journal
import Postgres

/// Facts of other services that are only counted (考核, art 14): kept with their time, once however often they come.
extension Subscription {
    static let completeness = Subscription.on(CompletenessChanged.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            INSERT INTO disclosure_completeness (canteen_id, changed_at, present, missing)
            VALUES (\(event.canteenId), \(received.occurredAt), \(event.present.count), \(event.missing.count))
            ON CONFLICT (canteen_id, changed_at) DO UPDATE SET present = excluded.present, missing = excluded.missing
            """)
    }

    static let coverage = Subscription.on(CoverageBelowMinimum.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            INSERT INTO recording_shortfall (camera_id, canteen_id, day, recorded_seconds, operating_seconds, gaps)
            VALUES (\(event.cameraId), \(event.canteenId), \(event.day), \(event.recordedSeconds),
                \(event.operatingSeconds), \(event.gaps))
            ON CONFLICT (camera_id, day) DO UPDATE SET recorded_seconds = excluded.recorded_seconds,
                operating_seconds = excluded.operating_seconds, gaps = excluded.gaps
            """)
    }

    static let feedbackReceived = Subscription.on(FeedbackReceived.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            INSERT INTO feedback_fact (feedback_id, canteen_id, kind, received_at)
            VALUES (\(event.feedbackId), \(event.canteenId), \(event.kind), \(event.receivedAt))
            ON CONFLICT (feedback_id) DO UPDATE SET kind = excluded.kind, received_at = excluded.received_at
            """)
    }

    static let feedbackAnswered = Subscription.on(FeedbackAnswered.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            INSERT INTO feedback_fact (feedback_id, canteen_id, answered_at)
            VALUES (\(event.feedbackId), \(event.canteenId), \(event.answeredAt))
            ON CONFLICT (feedback_id) DO UPDATE SET answered_at = excluded.answered_at
            """)
    }
}

extension PostgresTransaction {
    func noteAccess(_ canteen: CanteenID, _ fact: String, at: Instant) async throws {
        try await execute(
            """
            INSERT INTO access_fact (canteen_id, at, fact) VALUES (\(canteen), \(at), \(fact)) ON CONFLICT DO NOTHING
            """)
    }
}
