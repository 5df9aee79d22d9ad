import Calendar
import Contracts
import Postgres

/// An alert as it stands.
struct AlertRecord: Hashable, Sendable {
    enum State: String, Codable, Hashable, CaseIterable, Sendable {
        /// In the triage queue: no person has decided.
        case waiting
        case confirmed
        case falsePositive = "false_positive"
        case unknown

        init(_ outcome: AlertOutcome) {
            self =
                switch outcome {
                case .confirmed: .confirmed
                case .falsePositive: .falsePositive
                case .unknown: .unknown
                }
        }
    }

    var alertId: AlertID
    var canteenId: CanteenID
    var schoolId: SchoolID
    var cameraId: CameraID?
    var sensor: String?
    var zone: ZoneCode
    var vendor: String
    var productVersion: String
    var vendorCode: String
    /// nil: a code that our table did not know.
    var code: String?
    var codeTable: String
    var severity: Int?
    var confidence: Double?
    var celsius: Double?
    var firstAt: Instant
    var lastAt: Instant
    var occurrences: Int
    var receivedAt: Instant
    /// The school was told before a person had looked (class 1).
    var told: Bool
    var state: State
    var decidedBy: PersonID?
    var decidedAt: Instant?
    var reason: String?
    var problemId: ProblemID?
    /// Recording that the vendor pointed to.
    var clipFrom: Instant?
    var clipTo: Instant?
    /// What became of the vendor's picture: kept, refused, failed; nil = none came.
    var picture: String?

    static let columns: SQL = """
        a.alert_id, a.canteen_id, a.school_id, a.camera_id, a.sensor, a.zone, a.vendor, a.product_version, a.vendor_code,
        a.code, a.code_table, a.severity, a.confidence, a.celsius, a.first_at, a.last_at, a.occurrences, a.received_at,
        a.told, a.state, a.decided_by, a.decided_at, a.reason, a.problem_id,
        a.clip_from, a.clip_to, a.picture
        """

    @Sendable init(_ row: Row) throws {
        alertId = try row["alert_id"]
        canteenId = try row["canteen_id"]
        schoolId = try row["school_id"]
        cameraId = try row["camera_id"]
        sensor = try row["sensor"]
        zone = try row["zone"]
        vendor = try row["vendor"]
        productVersion = try row["product_version"]
        vendorCode = try row["vendor_code"]
        code = try row["code"]
        codeTable = try row["code_table"]
        severity = try row["severity"]
        confidence = try row["confidence"]
        celsius = try row["celsius"]
        firstAt = try row["first_at"]
        lastAt = try row["last_at"]
        occurrences = try row["occurrences"]
        receivedAt = try row["received_at"]
        told = try row["told"]
        state = try row["state"]
        decidedBy = try row["decided_by"]
        decidedAt = try row["decided_at"]
        reason = try row["reason"]
        problemId = try row["problem_id"]
        clipFrom = try row["clip_from"]
        clipTo = try row["clip_to"]
        picture = try row["picture"]
    }
}

/// A line of the queue.
struct AlertListing: Sendable {
    var alert: AlertRecord
    var canteenName: String
    var schoolName: String
}

/// What part of the queue is wanted.
enum AlertSelection: String, CaseIterable, Sendable {
    case waiting
    case unmapped
    case decided
    case all

    fileprivate var condition: SQL {
        switch self {
        case .waiting: "a.state = 'waiting'"
        case .unmapped: "a.code IS NULL"
        case .decided: "a.state <> 'waiting'"
        case .all: "true"
        }
    }
}

extension PostgresExecutor {
    func alert(_ id: AlertID) async throws -> AlertRecord? {
        try await first("SELECT \(AlertRecord.columns) FROM device_alert a WHERE a.alert_id = \(id)", AlertRecord.init)
    }

    /// The most serious first; what has no class yet comes after class 1.
    func alerts(
        visible: SQL, _ selection: AlertSelection, limit: Int, offset: Int
    ) async throws -> [AlertListing] {
        try await query(
            """
            SELECT \(AlertRecord.columns), c.name AS canteen_name, c.school_name
            FROM device_alert a JOIN canteen c USING (canteen_id) WHERE \(visible) AND \(selection.condition)
            ORDER BY (a.state = 'waiting') DESC, CASE WHEN a.state = 'waiting' THEN coalesce(a.severity * 2, 3) ELSE 0 END,
                a.last_at DESC, a.alert_id LIMIT \(limit) OFFSET \(offset)
            """
        ) { row in
            AlertListing(
                alert: try AlertRecord(row), canteenName: try row["canteen_name"], schoolName: try row["school_name"])
        }
    }

    func alertCount(visible: SQL, _ selection: AlertSelection) async throws -> Int {
        try await first(
            """
            SELECT count(*) AS n FROM device_alert a JOIN canteen c USING (canteen_id)
            WHERE \(visible) AND \(selection.condition)
            """
        ) { try $0["n"] as Int } ?? 0
    }
}
