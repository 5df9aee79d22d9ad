import Calendar
import Contracts
import Postgres

/// Statements about tickets.
enum TicketStore {
    static func insert(
        _ token: SecretToken, _ ticket: Ticket, now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO ticket (ticket_hash, viewer, login_hash, camera_id, reason, reference, issued_at, expires_at)
            VALUES (\(token.hash), \(ticket.viewer), \(ticket.loginHash), \(ticket.cameraId), \(ticket.reason),
                \(ticket.reference), \(now), \(ticket.expiresAt))
            """)
    }

    /// Takes the ticket: one caller wins, however many try at once. Nil for the others.
    static func take(
        _ hash: [UInt8], viewer: String, now: Instant, _ tx: PostgresTransaction
    ) async throws -> Ticket? {
        try await tx.first(
            """
            UPDATE ticket SET used_at = \(now)
            WHERE ticket_hash = \(hash) AND viewer = \(viewer) AND used_at IS NULL AND expires_at > \(now)
            RETURNING *
            """, Ticket.init(row:))
    }

    static func find(_ hash: [UInt8], _ database: some PostgresExecutor) async throws -> Ticket? {
        try await database.first("SELECT * FROM ticket WHERE ticket_hash = \(hash)", Ticket.init(row:))
    }

    /// Tickets are worthless after a minute; a day is kept for questions.
    static func purge(now: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM ticket WHERE expires_at < \(now - .seconds(86_400))")
    }
}

extension Ticket {
    init(row: Row) throws {
        self.init(
            viewer: try row["viewer"], loginHash: try row["login_hash"], cameraId: try row["camera_id"],
            reason: try row["reason"], reference: try row["reference"], expiresAt: try row["expires_at"],
            usedAt: try row["used_at"])
    }
}
