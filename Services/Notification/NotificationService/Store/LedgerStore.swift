import Calendar
import Contracts
import Postgres
import ServiceKit

/// The delivery ledger (送达台账) as its senders see it.
enum LedgerStore {
    /// Whose messages: those of an organ and of the organs below it; nil = everybody's, for the auditor.
    private static func whose(_ organ: OrganID?) -> SQL {
        guard let organ else { return "" }
        return """
            AND l.sender_organ_id IN (
                WITH RECURSIVE below AS (
                    SELECT \(organ)::text AS organ_id
                    UNION SELECT o.organ_id FROM organ o JOIN below ON o.parent_organ_id = below.organ_id)
                SELECT organ_id FROM below)
            """
    }

    static func page(
        of organ: OrganID?, _ filter: LedgerFilter, _ request: PageRequest, _ executor: some PostgresExecutor
    ) async throws -> PageOf<LedgerEntry> {
        let condition: SQL = "\(filter.span) \(whose(organ)) \(filter.conditions)"
        let total = try await executor.first("SELECT count(*) AS n FROM ledger_entry l WHERE \(condition)") {
            row -> Int in try row["n"]
        }
        let items = try await executor.query(
            """
            SELECT l.*, c.name AS canteen_name, c.school_name,
                   coalesce(o.name, (SELECT max(s.school_name) FROM canteen s
                                     WHERE 'school:' || s.school_id = l.recipient)) AS recipient_name
            FROM (SELECT l.* FROM ledger_entry l WHERE \(condition)
                  ORDER BY l.queued_at DESC, l.entry_id DESC LIMIT \(request.size) OFFSET \(request.offset)) l
            LEFT JOIN canteen c ON c.canteen_id = l.canteen_id
            LEFT JOIN organ o ON 'organ:' || o.organ_id = l.recipient
            ORDER BY l.queued_at DESC, l.entry_id DESC
            """, entry(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    @Sendable private static func entry(from row: Row) throws -> LedgerEntry {
        let recipient = Recipient(key: try row["recipient"])
        return LedgerEntry(
            entryId: try row["entry_id"], channel: try row["channel"], what: try row["what"],
            recipientOrganId: recipient?.organId, recipientSchoolId: recipient?.schoolId,
            recipientName: try row["recipient_name"], personId: try row["person_id"],
            endpointId: try row["endpoint_id"], canteenId: try row["canteen_id"],
            canteenName: try row["canteen_name"], schoolName: try row["school_name"], severity: try row["severity"],
            state: try row["state"], queuedAt: try row["queued_at"], sentAt: try row["sent_at"],
            deliveredAt: try row["delivered_at"], readAt: try row["read_at"],
            acknowledgedAt: try row["acknowledged_at"], endedAt: try row["ended_at"], reason: try row["reason"],
            attempts: try row["attempts"])
    }

    struct Cell: Sendable {
        let channel: LedgerChannel
        let state: LedgerState
        let day: LocalDate
        let messages: Int
    }

    struct Speed: Sendable {
        let channel: LedgerChannel
        /// Medians in seconds; absent where nothing was read or acknowledged.
        let toRead: Double?
        let toAcknowledge: Double?
    }

    /// Messages by channel, state and day (in the city's time) on which they were queued.
    static func counts(
        of organ: OrganID?, _ filter: LedgerFilter, _ executor: some PostgresExecutor
    ) async throws -> [Cell] {
        try await executor.query(
            """
            SELECT l.channel, l.state, (l.queued_at AT TIME ZONE 'UTC' + interval '8 hours')::date AS day,
                   count(*) AS messages
            FROM ledger_entry l WHERE \(filter.span) \(whose(organ)) \(filter.conditions)
            GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
            """
        ) { row in
            Cell(
                channel: try row["channel"], state: try row["state"], day: try row["day"],
                messages: try row["messages"])
        }
    }

    static func speeds(
        of organ: OrganID?, _ filter: LedgerFilter, _ executor: some PostgresExecutor
    ) async throws -> [Speed] {
        try await executor.query(
            """
            SELECT l.channel,
                   percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY extract(epoch FROM l.read_at - l.queued_at)::double precision) AS to_read,
                   percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY extract(epoch FROM l.acknowledged_at - l.queued_at)::double precision) AS to_acknowledge
            FROM ledger_entry l WHERE \(filter.span) \(whose(organ)) \(filter.conditions)
            GROUP BY l.channel ORDER BY l.channel
            """
        ) { row in
            Speed(
                channel: try row["channel"], toRead: try row["to_read"], toAcknowledge: try row["to_acknowledge"])
        }
    }
}
