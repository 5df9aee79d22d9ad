import Calendar
import Contracts
import Journal
import Postgres

extension Subscription {
    /// Built and connected before the licence is issued (art 5): known, in no quota.
    static let canteensPlanned = Subscription.on(CanteenPlanned.self) { received, transaction in
        try await keep(received.event, registeredAt: received.occurredAt, transaction)
    }

    static let canteensRegistered = Subscription.on(CanteenRegistered.self) { received, transaction in
        try await keep(received.event, registeredAt: received.occurredAt, transaction)
    }

    /// Carries all facts after the change; a canteen whose registration was never seen is taken over as it is.
    static let canteensChanged = Subscription.on(CanteenChanged.self) { received, transaction in
        try await keep(received.event, registeredAt: received.occurredAt, transaction)
    }

    /// A new licence number ends the revocation of the old one; with the first licence the canteen's days begin.
    private static func keep(
        _ facts: some CanteenFacts, registeredAt: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            facts.insertion(at: registeredAt) + """
                 ON CONFLICT (canteen_id) DO UPDATE SET name = excluded.name, school_name = excluded.school_name,
                    school_type = excluded.school_type, is_caterer = excluded.is_caterer,
                    division_code = excluded.division_code, township = excluded.township,
                    station_organ_id = excluded.station_organ_id, county_organ_id = excluded.county_organ_id,
                    city_organ_id = excluded.city_organ_id, supervising_department = excluded.supervising_department,
                    supervising_organ_id = excluded.supervising_organ_id, diners = excluded.diners,
                    zones = excluded.zones, licence_number = excluded.licence_number,
                    licence_valid_to = excluded.licence_valid_to, operating = excluded.operating,
                    licence_revoked_on = CASE WHEN canteen.licence_number = excluded.licence_number
                        THEN canteen.licence_revoked_on END,
                    registered_at = CASE WHEN canteen.licence_number IS NULL
                        THEN excluded.registered_at ELSE canteen.registered_at END
                """)
    }

    /// The week's quota no longer counts this canteen.
    static let licencesRevoked = Subscription.on(LicenceRevoked.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            UPDATE canteen SET licence_revoked_on = \(event.revokedOn), operating = false
            WHERE canteen_id = \(event.canteenId) AND licence_number = \(event.licenceNumber)
            """)
    }
}
