import Attachments
import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Looks at the clock for bulletins: what webhooks delivered, whose answer is overdue, whom the organs above must hear
/// of. Safe to run in several processes: every step is marked once, in the transaction that tells of it.
struct BulletinWatch: Service {
    let pool: PostgresPool
    let clock: any WallClock
    let webhooks: WebhookOutbox
    let files: AttachmentStore
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        try await RepeatedWork("bulletins reminded of or reported", every: interval, logger: logger) {
            try await look()
        }.run()
    }

    /// Returns how many reminders and reports were sent.
    @discardableResult
    func look() async throws -> Int {
        try await noteDeliveries()
        try await BulletinAttachments.sweep(files, pool)
        let now = clock.now()
        let urging = BulletinUrging(clock: clock, webhooks: webhooks)
        var count = 0
        for late in try await late("r.answer_by < \(now) AND r.overdue_at IS NULL") {
            let done = try await pool.transaction { transaction in
                try await urging.remind(late, Self.context(), transaction)
            }
            if done { count += 1 }
        }
        for late in try await late("r.escalate_at <= \(now) AND r.escalated_at IS NULL") {
            let done = try await pool.transaction { transaction in
                try await urging.escalate(late, Self.context(), transaction)
            }
            if done { count += 1 }
        }
        return count
    }

    /// An endpoint of the organ took the bulletin: it is delivered.
    private func noteDeliveries() async throws {
        let delivered = try await pool.query(
            """
            SELECT r.bulletin_id, r.organ_id, min(d.delivered_at) AS delivered_at
            FROM bulletin_recipient r
            JOIN delivery d ON d.event_id = r.event_id AND d.state = 'delivered'
            JOIN endpoint e ON e.endpoint_id = d.endpoint_id AND e.organ_id = r.organ_id
            WHERE r.delivered_at IS NULL
            GROUP BY r.bulletin_id, r.organ_id
            """
        ) { row in
            Delivered(
                bulletinId: try row["bulletin_id"], organId: try row["organ_id"], at: try row["delivered_at"])
        }
        for one in delivered {
            try await pool.transaction { transaction in
                try await BulletinLife.delivered(one.bulletinId, to: one.organId, at: one.at, transaction)
            }
        }
    }

    private struct Delivered: Sendable {
        let bulletinId: BulletinID
        let organId: OrganID
        let at: Instant
    }

    /// On a provisional deadline nobody is overdue.
    private func late(_ condition: SQL) async throws -> [BulletinUrging.Late] {
        try await pool.query(
            """
            SELECT r.bulletin_id, r.organ_id, r.department, r.answer_by
            FROM bulletin_recipient r JOIN bulletin b ON b.bulletin_id = r.bulletin_id
            WHERE r.role = 'main' AND r.answered_at IS NULL AND r.answer_by IS NOT NULL
              AND b.state IN ('issued', 'delivered', 'receipted') AND NOT b.is_provisional AND \(condition)
            ORDER BY r.answer_by, r.bulletin_id, r.organ_id
            """
        ) { row in
            BulletinUrging.Late(
                bulletinId: try row["bulletin_id"], organId: try row["organ_id"], department: try row["department"],
                answerBy: try row["answer_by"])
        }
    }

    private static func context() -> EventContext {
        EventContext(actor: .system("clock"), correlationId: UUIDv7.string())
    }
}
