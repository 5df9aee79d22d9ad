import Calendar
import Contracts
import Postgres

/// 误报统计: what became of the alerts of a vendor's product, code by code.
struct AlertStatistics: Codable, Hashable, Sendable {
    /// Below this many decided alerts a share says nothing and is not given.
    static let fewest = 5

    struct Line: Codable, Hashable, Sendable {
        var vendor: String
        var productVersion: String
        /// Our code; absent where the vendor's is in no table.
        var code: String?
        var vendorCode: String
        var alerts: Int
        var occurrences: Int
        var waiting: Int
        var confirmed: Int
        var falsePositives: Int
        var unknown: Int
        /// False positives among those that were confirmed or found false, in thousandths; absent below 5 of them.
        var falsePermille: Int?
    }

    struct Refused: Codable, Hashable, Sendable {
        /// `?` = vendors that may not report, and records that name none.
        var vendor: String
        var reason: AlertRefusal
        var refused: Int
    }

    var since: LocalDate
    var lines: [Line]
    /// Everybody's, not only of the area: a record that is refused belongs to no canteen.
    var refused: [Refused]

    static func read(since: LocalDate, visible: SQL, _ executor: some PostgresExecutor) async throws -> AlertStatistics
    {
        let lines = try await executor.query(
            """
            SELECT a.vendor, a.product_version, a.code, a.vendor_code, count(*) AS alerts,
                sum(a.occurrences)::bigint AS occurrences, count(*) FILTER (WHERE a.state = 'waiting') AS waiting,
                count(*) FILTER (WHERE a.state = 'confirmed') AS confirmed,
                count(*) FILTER (WHERE a.state = 'false_positive') AS false_positives,
                count(*) FILTER (WHERE a.state = 'unknown') AS unknown
            FROM device_alert a JOIN canteen c USING (canteen_id)
            WHERE a.received_at >= \(since.start) AND \(visible)
            GROUP BY a.vendor, a.product_version, a.code, a.vendor_code
            ORDER BY a.vendor, a.product_version, a.code NULLS LAST, a.vendor_code
            """
        ) { row in
            let confirmed: Int = try row["confirmed"]
            let falsePositives: Int = try row["false_positives"]
            let judged = confirmed + falsePositives
            return Line(
                vendor: try row["vendor"], productVersion: try row["product_version"], code: try row["code"],
                vendorCode: try row["vendor_code"], alerts: try row["alerts"], occurrences: try row["occurrences"],
                waiting: try row["waiting"], confirmed: confirmed, falsePositives: falsePositives,
                unknown: try row["unknown"], falsePermille: judged < fewest ? nil : falsePositives * 1000 / judged)
        }
        let refused = try await executor.query(
            """
            SELECT vendor, reason, sum(refused)::bigint AS refused FROM alert_refusal WHERE day >= \(since)
            GROUP BY vendor, reason ORDER BY vendor, reason
            """
        ) { Refused(vendor: try $0["vendor"], reason: try $0["reason"], refused: try $0["refused"]) }
        return AlertStatistics(since: since, lines: lines, refused: refused)
    }
}
