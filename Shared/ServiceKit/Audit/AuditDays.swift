import Calendar
import Digests
import Foundation
import Journal
import Postgres

/// Ties the trail to the journal: when a day is over, the digest of its lines becomes an entry of the signed tree. A line
/// that is changed, taken out or slipped in afterwards shows in `verify`.
struct AuditDays: Sendable {
    let service: String
    let pool: PostgresPool
    /// For days that are sealed from now on; the ones before name theirs.
    let algorithm: HashAlgorithm

    var type: String { "brightkitchen.\(service).audit.day-sealed.v1" }

    struct Sealed: Codable, Sendable {
        let day: LocalDate
        let requests: Int
        let digest: String
    }

    /// The day's requests, one JSON object a line, in order of time and id: what the digest is taken over.
    func lines(of day: LocalDate) async throws -> [UInt8] {
        let records = try await pool.query(
            """
            SELECT * FROM audit_request WHERE occurred_at >= \(day.start) AND occurred_at < \(day.adding(days: 1).start)
            ORDER BY occurred_at, id
            """, AuditRecord.init(row:))
        return try records.flatMap { try BrightJSON.encode($0) + [0x0a] }
    }

    /// Seals every day with requests that ended more than an hour ago; a request takes seconds.
    func sealFinished(now: Instant) async throws {
        let until = LocalDate(now - .seconds(3_600))
        let days = try await pool.query(
            """
            SELECT DISTINCT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM audit_request
            WHERE occurred_at < \(until.start) AND occurred_at >= coalesce(
                (SELECT (max(day) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM audit_day), '-infinity')
            ORDER BY day
            """
        ) { row -> LocalDate in try row["day"] }
        for day in days { try await seal(day, now: now) }
    }

    private func seal(_ day: LocalDate, now: Instant) async throws {
        let lines = try await lines(of: day)
        let count = lines.count { $0 == 0x0a }
        let sealed = Sealed(day: day, requests: count, digest: NamedDigest(of: lines, algorithm).description)
        try await pool.transaction { tx in
            // Of several replicas one is first.
            let inserted = try await tx.execute(
                """
                INSERT INTO audit_day (day, requests, digest, sealed_at)
                VALUES (\(day), \(count), \(sealed.digest), \(now)) ON CONFLICT DO NOTHING
                """)
            guard inserted == 1 else { return }
            try await tx.record(
                type, subject: day.iso, data: sealed,
                EventContext(actor: .system("audit"), correlationId: "audit-\(day.iso)"), occurredAt: now)
        }
    }

    /// Days whose lines are not what the journal says. A day that was purged whole after its retention is not a fault.
    func faults() async throws -> [String] {
        let sealed = try await pool.query(
            "SELECT convert_from(data, 'UTF8')::jsonb AS data FROM journal WHERE type = \(type) ORDER BY position"
        ) { row -> Sealed in try row.json("data") }
        var faults: [String] = []
        for day in sealed {
            let lines = try await lines(of: day.day)
            if lines.isEmpty, try await isPurged(day.day) { continue }
            if NamedDigest(day.digest)?.matches(lines) != true {
                faults.append("audit_day_altered: the requests of \(day.day.iso) are not those that were sealed")
            }
        }
        return faults
    }

    private func isPurged(_ day: LocalDate) async throws -> Bool {
        try await pool.first(
            "SELECT \(day.adding(days: 1).start) < now() - interval '6 months' AS old"
        ) { try $0["old"] } ?? false
    }
}
