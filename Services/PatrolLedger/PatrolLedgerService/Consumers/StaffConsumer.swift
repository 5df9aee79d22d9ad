import Contracts
import Journal
import Postgres

extension Subscription {
    static let staffAppointed = Subscription.on(StaffAppointed.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            INSERT INTO appointment (person_id, role, organ_id, school_id, valid_from, valid_to)
            VALUES (\(event.personId), \(event.role), \(event.organId?.rawValue ?? ""), \(event.schoolId?.rawValue ?? ""),
                \(event.validFrom), \(event.validTo))
            ON CONFLICT (person_id, role, organ_id, school_id)
            DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """)
    }

    /// Rights end on the day of the dismissal: that day no longer counts.
    static let staffDismissed = Subscription.on(StaffDismissed.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            UPDATE appointment SET valid_to = \(event.endedOn.adding(days: -1))
            WHERE person_id = \(event.personId) AND role = \(event.role)
                AND organ_id = \(event.organId?.rawValue ?? "") AND school_id = \(event.schoolId?.rawValue ?? "")
            """)
    }
}
