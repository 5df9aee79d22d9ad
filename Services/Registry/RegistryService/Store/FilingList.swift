import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Cameras of public-safety systems whose filing with the police is due or late (公共安全视频图像信息系统管理条例 art 14).
struct FilingList: Sendable {
    struct Item: Sendable {
        let cameraId: CameraID
        let camera: String
        let canteenId: CanteenID
        let canteen: String
        let schoolId: SchoolID
        let school: String
        let countyOrganId: OrganID?
        /// Last calendar day for the filing.
        let dueOn: LocalDate

        func event(_ stage: FilingStage) -> CameraFilingChanged {
            CameraFilingChanged(
                cameraId: cameraId, cameraName: camera, canteenId: canteenId, schoolId: schoolId, stage: stage,
                dueOn: dueOn, countyOrganId: countyOrganId)
        }
    }

    let pool: PostgresPool
    let rule: AccessRule

    private static let source: SQL = """
        FROM camera k JOIN canteen c ON c.id = k.canteen_id JOIN institution i ON i.id = c.institution_id
        JOIN camera_retention_policy r ON r.camera_id = k.id AND r.regime = 'public_safety'
        LEFT JOIN camera_compliance p ON p.camera_id = k.id
        LEFT JOIN camera_filing_reminder m ON m.camera_id = k.id
        """

    private func columns() -> SQL {
        """
        k.id, k.name, c.id AS canteen_id, c.name AS canteen_name, i.id AS school_id, i.name AS school_name,
        c.county_organ_id, k.enabled_on + \(rule.filingDays)::int AS due_on
        """
    }

    private static func decode(_ row: Row) throws -> Item {
        Item(
            cameraId: try row["id"], camera: try row["name"], canteenId: try row["canteen_id"],
            canteen: try row["canteen_name"], schoolId: try row["school_id"], school: try row["school_name"],
            countyOrganId: try row["county_organ_id"], dueOn: try row["due_on"])
    }

    /// Not filed, and the end of the period is near or over.
    private func isDue(on today: LocalDate) -> SQL {
        let latest = today.adding(days: rule.filingReminderDays - rule.filingDays)
        return "p.filed_on IS NULL AND k.enabled_on <= \(latest)"
    }

    /// The latest first.
    func page(
        for principal: Principal, on today: LocalDate, _ request: PageRequest
    ) async throws -> PageOf<Item> {
        let condition: SQL = "\(isDue(on: today)) AND (\(RegisterScope.condition(principal)))"
        let total = try await pool.first("SELECT count(*) AS n \(Self.source) WHERE \(condition)") { row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT \(columns()) \(Self.source) WHERE \(condition)
            ORDER BY k.enabled_on, k.id LIMIT \(request.size) OFFSET \(request.offset)
            """, Self.decode)
        return PageOf(items, of: request, total: total ?? 0)
    }

    /// Says what has not been said yet about some cameras: due, overdue, or filed where a reminder went out.
    /// The number of cameras it spoke about.
    func remind(on today: LocalDate, limit: Int, now: Instant, _ transaction: PostgresTransaction) async throws -> Int {
        let firstOverdue = today.adding(days: -rule.filingDays)
        let stage: SQL = """
            CASE WHEN p.filed_on IS NOT NULL THEN 'filed' WHEN k.enabled_on < \(firstOverdue) THEN 'overdue'
                 ELSE 'due' END
            """
        let found = try await transaction.query(
            """
            SELECT \(columns()), \(stage) AS stage \(Self.source)
            WHERE (\(isDue(on: today)) AND m.stage IS DISTINCT FROM \(stage))
               OR (p.filed_on IS NOT NULL AND m.stage IN ('due', 'overdue'))
            ORDER BY k.id LIMIT \(limit)
            """
        ) { row -> (item: Item, stage: FilingStage) in (try Self.decode(row), try row["stage"]) }
        for (item, stage) in found {
            try await transaction.execute(
                """
                INSERT INTO camera_filing_reminder (camera_id, stage, due_on, said_at)
                VALUES (\(item.cameraId), \(stage), \(item.dueOn), \(now))
                ON CONFLICT (camera_id) DO UPDATE SET stage = excluded.stage, due_on = excluded.due_on,
                    said_at = excluded.said_at
                """)
        }
        try await transaction.publish(
            found.map { $0.item.event($0.stage) },
            EventContext(actor: .system("clock"), correlationId: "filing-\(today.iso)"), occurredAt: now)
        return found.count
    }
}
