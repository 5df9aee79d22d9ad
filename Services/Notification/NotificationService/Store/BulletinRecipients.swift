import Calendar
import Contracts
import Postgres

/// SQL of who receives a bulletin.
enum BulletinRecipients {
    static func insert(
        _ id: BulletinID, _ organ: Organ, _ role: BulletinRole, _ deadlines: BulletinDeadlines?,
        _ transaction: PostgresTransaction
    ) async throws {
        // Only who is asked to answer can be late.
        let asked = role == .main ? deadlines : nil
        try await transaction.execute(
            """
            INSERT INTO bulletin_recipient (bulletin_id, organ_id, role, organ_name, department, receipt_by, answer_by,
                                            escalate_at)
            VALUES (\(id), \(organ.id), \(role), \(organ.name), \(organ.department), \(asked?.receiptBy),
                    \(asked?.answerBy), \(asked?.escalateAt))
            ON CONFLICT (bulletin_id, organ_id) DO NOTHING
            """)
    }

    static func of(_ id: BulletinID, _ executor: some PostgresExecutor) async throws -> [BulletinRecipient] {
        try await executor.query(
            """
            SELECT \(columns) FROM bulletin_recipient r WHERE r.bulletin_id = \(id)
            ORDER BY array_position(ARRAY['main', 'copy', 'superior'], r.role), r.organ_id
            """, decode)
    }

    static func remove(_ id: BulletinID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM bulletin_recipient WHERE bulletin_id = \(id)")
    }

    static func sent(
        _ id: BulletinID, to organ: OrganID, event: String, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE bulletin_recipient SET event_id = \(event)
            WHERE bulletin_id = \(id) AND organ_id = \(organ)
            """)
    }

    /// Brings the bulletin's state in step with what its receivers did. A closed one stays closed.
    static func settle(_ id: BulletinID, _ transaction: PostgresTransaction) async throws {
        let receivers = try await of(id, transaction).filter { $0.role == .main }.map {
            BulletinStanding.Receiver(
                isDelivered: $0.deliveredAt != nil, isReceipted: $0.receiptedAt != nil,
                isAnswered: $0.answeredAt != nil)
        }
        let state = BulletinStanding.state(of: receivers)
        try await transaction.execute(
            """
            UPDATE bulletin SET state = \(state),
                receipted_at = (SELECT max(receipted_at) FROM bulletin_recipient r
                                WHERE r.bulletin_id = \(id) AND r.role = 'main'
                                HAVING bool_and(r.receipted_at IS NOT NULL))
            WHERE bulletin_id = \(id) AND state IN ('issued', 'delivered', 'receipted', 'answered')
            """)
    }

    static let columns: SQL = """
        r.organ_id, r.organ_name, r.department, r.role, r.receipt_by, r.answer_by, r.delivered_at, r.receipted_at,
        r.answered_at, r.answer, r.overdue_at, r.escalated_at, r.urged_times, r.last_urged_at
        """

    @Sendable static func decode(_ row: Row) throws -> BulletinRecipient {
        BulletinRecipient(
            organId: try row["organ_id"], organName: try row["organ_name"], department: try row["department"],
            role: try row["role"], receiptBy: try row["receipt_by"], answerBy: try row["answer_by"],
            deliveredAt: try row["delivered_at"], receiptedAt: try row["receipted_at"],
            answeredAt: try row["answered_at"], answer: try row["answer"], overdueAt: try row["overdue_at"],
            escalatedAt: try row["escalated_at"], urgedTimes: try row["urged_times"],
            lastUrgedAt: try row["last_urged_at"])
    }
}
