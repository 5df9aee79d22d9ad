import Contracts
import Postgres

enum CameraStore {
    static let columns: SQL = """
        k.id, k.canteen_id, c.institution_id, k.name, k.zone, k.gb_id, k.enabled_on, k.is_anteroom, k.status
        """
    static let source: SQL = "FROM camera k JOIN canteen c ON c.id = k.canteen_id"

    static func decode(_ row: Row) throws -> Camera {
        Camera(
            id: try row["id"], canteenId: try row["canteen_id"], schoolId: try row["institution_id"],
            name: try row["name"], zone: try row["zone"], gbId: try row["gb_id"], enabledOn: try row["enabled_on"],
            isAnteroom: try row["is_anteroom"], status: try row["status"])
    }

    static func byGBID(_ ids: [String], _ transaction: PostgresTransaction) async throws -> [Camera] {
        try await transaction.query("SELECT \(columns) \(source) WHERE k.gb_id = ANY(\(ids)::text[])", decode)
    }

    /// The camera, locked until the transaction ends.
    static func lock(_ id: CameraID, _ transaction: PostgresTransaction) async throws -> Camera? {
        try await transaction.first("SELECT \(columns) \(source) WHERE k.id = \(id) FOR UPDATE OF k", decode)
    }

    static func save(_ cameras: [Camera], _ transaction: PostgresTransaction) async throws {
        guard !cameras.isEmpty else { return }
        try await transaction.execute(
            """
            INSERT INTO camera (id, canteen_id, name, zone, gb_id, enabled_on, is_anteroom, status)
            SELECT id, canteen_id, name, zone, gb_id, enabled_on::date, is_anteroom = 1, status
            FROM unnest(\(cameras.map(\.id))::text[], \(cameras.map(\.canteenId))::text[],
                        \(cameras.map(\.name))::text[], \(cameras.map(\.zone))::text[],
                        \(cameras.map(\.gbId))::text[], \(cameras.map(\.enabledOn.iso))::text[],
                        \(cameras.map { $0.isAnteroom ? 1 : 0 })::int8[], \(cameras.map(\.status))::text[])
                 AS line (id, canteen_id, name, zone, gb_id, enabled_on, is_anteroom, status)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone,
                enabled_on = excluded.enabled_on, is_anteroom = excluded.is_anteroom, status = excluded.status
            """)
    }
}
