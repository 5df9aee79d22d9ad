import Access
import Calendar
import Contracts
import Crypto
import Foundation
import Postgres

/// SQL of the table `approval`.
enum ApprovalStore {
    private static let columns: SQL = """
        id, kind, subject, content, encode(content_sha256, 'hex') AS digest, reason, division_code, organ_id, school_id,
        proposed_by, proposed_at, expires_at, status, decided_by, decided_at, note
        """

    static func decode(_ row: Row) throws -> Approval {
        let content: String = try row["content"]
        return Approval(
            id: try row["id"], kind: try row["kind"], subject: try row["subject"], content: Array(content.utf8),
            contentSHA256: try row["digest"], reason: try row["reason"], proposedBy: try row["proposed_by"],
            proposedAt: try row["proposed_at"], expiresAt: try row["expires_at"], status: try row["status"],
            decidedBy: try row["decided_by"], decidedAt: try row["decided_at"], note: try row["note"],
            resource: Resource(
                divisionCode: try row["division_code"], organId: try row["organ_id"], schoolId: try row["school_id"]))
    }

    static func insert(
        id: String, kind: String, subject: String, content: [UInt8], reason: String, by principal: Principal,
        at now: Instant, until expiry: Instant, _ transaction: PostgresTransaction
    ) async throws -> Approval? {
        let digest = Array(SHA256.hash(data: Data(content)))
        return try await transaction.first(
            """
            INSERT INTO approval (id, kind, subject, content, content_sha256, reason, division_code, organ_id, school_id,
                                  proposed_by, proposed_at, expires_at)
            VALUES (\(id), \(kind), \(subject), \(String(decoding: content, as: UTF8.self)), \(digest), \(reason),
                    \(principal.divisionCode), \(principal.organId), \(principal.schoolId), \(principal.personId),
                    \(now), \(expiry))
            ON CONFLICT (kind, subject) WHERE status = 'proposed' DO NOTHING
            RETURNING \(columns)
            """, decode)
    }

    static func find(_ id: String, locked: Bool = false, _ executor: some PostgresExecutor) async throws -> Approval? {
        let lock: SQL = locked ? "FOR UPDATE" : ""
        return try await executor.first("SELECT \(columns) FROM approval WHERE id = \(id) \(lock)", decode)
    }

    static func decide(
        _ approval: Approval, _ status: ApprovalStatus, by person: PersonID, note: String?, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE approval SET status = \(status), decided_by = \(person), decided_at = \(now), note = \(note)
            WHERE id = \(approval.id)
            """)
    }

    /// Proposals whose time is over; they are marked and returned. `limit` keeps one transaction short.
    static func expire(
        now: Instant, kind: String? = nil, subject: String? = nil, limit: Int = 200, _ transaction: PostgresTransaction
    ) async throws -> [Approval] {
        try await transaction.query(
            """
            UPDATE approval SET status = 'expired', decided_at = \(now) WHERE id IN (
                SELECT id FROM approval WHERE status = 'proposed' AND expires_at <= \(now)
                    AND (\(kind)::text IS NULL OR (kind = \(kind) AND subject = \(subject)))
                ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            RETURNING \(columns)
            """, decode)
    }

    static func page(
        _ request: PageRequest, status: ApprovalStatus?, where condition: SQL, _ executor: some PostgresExecutor
    ) async throws -> PageOf<Approval> {
        let filter: SQL = "(\(condition)) AND (\(status)::text IS NULL OR status = \(status))"
        let total = try await executor.first("SELECT count(*) AS n FROM approval WHERE \(filter)") { row -> Int in
            try row["n"]
        }
        let items = try await executor.query(
            """
            SELECT \(columns) FROM approval WHERE \(filter) ORDER BY proposed_at DESC, id DESC
            LIMIT \(request.size) OFFSET \(request.offset)
            """, decode)
        return PageOf(items, of: request, total: total ?? 0)
    }
}
