import Calendar
import Contracts
import Journal
import Postgres

/// Appointments that end by their date: nobody acts, yet the other services must hear of it.
enum AppointmentEnds {
    /// Announces ends up to yesterday, at most `limit` in one transaction; returns how many.
    static func announce(
        on today: LocalDate, limit: Int, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Int {
        let ended = try await transaction.query(
            """
            SELECT person_id, role, organ_id, school_id, valid_from, valid_to FROM appointment
            WHERE valid_to < \(today) AND end_announced IS DISTINCT FROM valid_to
            ORDER BY valid_to, person_id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """, AccountStore.decodeAppointment)
        guard !ended.isEmpty else { return 0 }
        for appointment in ended {
            try await SessionStore.endAll(of: appointment.personId, now: now, transaction)
            try await isAnnounced(appointment.personId, transaction)
        }
        try await transaction.publish(
            ended.map { $0.dismissed(on: ($0.validTo ?? today).adding(days: 1)) }, context, occurredAt: now)
        return ended.count
    }

    /// The end that stands in the row has been told.
    static func isAnnounced(_ person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE appointment SET end_announced = valid_to WHERE person_id = \(person)")
    }
}
