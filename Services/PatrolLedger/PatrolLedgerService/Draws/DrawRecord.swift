import Calendar
import Contracts
import Postgres

/// A draw as stored.
struct DrawRecord: Sendable {
    enum State: String, Codable, Hashable, Sendable {
        case announced, drawn, published
    }

    var drawId: DrawID
    var organId: OrganID
    var state: State
    var inputs: [UInt8]
    var inputsHash: String
    var secret: String
    var announcedBy: PersonID
    var announcedAt: Instant
    var announcementId: String
    var result: [UInt8]?
    var resultHash: String?
    var checkpointSize: Int?
    var checkpointRoot: String?
    var publishedAt: Instant?

    static let columns: SQL = """
        draw_id, organ_id, state, inputs, inputs_hash, secret, announced_by, announced_at, announcement_id, result,
        result_hash, checkpoint_size, checkpoint_root, published_at
        """

    @Sendable init(_ row: Row) throws {
        drawId = try row["draw_id"]
        organId = try row["organ_id"]
        state = try row["state"]
        inputs = try row["inputs"]
        inputsHash = try row["inputs_hash"]
        secret = try row["secret"]
        announcedBy = try row["announced_by"]
        announcedAt = try row["announced_at"]
        announcementId = try row["announcement_id"]
        result = try row["result"]
        resultHash = try row["result_hash"]
        checkpointSize = try row["checkpoint_size"]
        checkpointRoot = try row["checkpoint_root"]
        publishedAt = try row["published_at"]
    }

    /// SHA-256 of the secret's bytes, as it was announced.
    var seedCommitment: String {
        let digits = Array(secret)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        return EvidenceVault.hexDigest(bytes)
    }

    func decodedInputs() throws -> DrawInputs { try EventJSON.decode(from: inputs) }
    func decodedResult() throws -> DrawResult? { try result.map { try EventJSON.decode(from: $0) } }
}

extension PostgresExecutor {
    func draw(_ id: DrawID) async throws -> DrawRecord? {
        try await first("SELECT \(DrawRecord.columns) FROM draw WHERE draw_id = \(id)", DrawRecord.init)
    }

    func draws(of organ: OrganID, limit: Int, offset: Int) async throws -> [DrawRecord] {
        try await query(
            """
            SELECT \(DrawRecord.columns) FROM draw WHERE organ_id = \(organ)
            ORDER BY announced_at DESC, draw_id LIMIT \(limit) OFFSET \(offset)
            """, DrawRecord.init)
    }

    func drawCount(of organ: OrganID) async throws -> Int {
        try await first("SELECT count(*) AS n FROM draw WHERE organ_id = \(organ)") { try $0["n"] as Int } ?? 0
    }

    /// Schools at which these persons must not inspect.
    func recusals(of persons: [PersonID]) async throws -> [DrawInputs.Recusal] {
        try await query(
            """
            SELECT person_id, school_id FROM recusal WHERE person_id = ANY(\(persons)) AND ended_at IS NULL
            ORDER BY person_id, school_id
            """
        ) { DrawInputs.Recusal(inspectorId: try $0["person_id"], schoolId: try $0["school_id"]) }
    }

    /// 检查人员名录库: everybody appointed to patrol for the organ on that day.
    func inspectors(of organ: OrganID, on day: LocalDate) async throws -> [PersonID] {
        try await query(
            """
            SELECT DISTINCT person_id FROM appointment WHERE organ_id = \(organ)
                AND role IN ('city_regulator', 'county_regulator', 'station_officer')
                AND valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day)) ORDER BY person_id
            """
        ) { try $0["person_id"] }
    }
}
