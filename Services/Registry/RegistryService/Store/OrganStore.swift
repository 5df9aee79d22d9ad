import Contracts
import Postgres

/// Organs and the townships of stations.
enum OrganStore {
    static let all: SQL = """
        SELECT o.id, o.name, o.department, o.level, o.division_code, o.parent_organ_id,
               coalesce((SELECT array_agg(t.township ORDER BY t.township) FROM station_township t
                         WHERE t.organ_id = o.id), '{}') AS townships
        FROM organ o ORDER BY o.division_code, o.name
        """

    static func decode(_ row: Row) throws -> Organ {
        Organ(
            id: try row["id"], name: try row["name"], department: try row["department"], level: try row["level"],
            divisionCode: try row["division_code"], parentId: try row["parent_organ_id"],
            townships: try row["townships"])
    }

    /// Inserts the organ or overwrites its facts; a station's townships are replaced.
    static func save(_ organ: Organ, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO organ (id, name, department, level, division_code, parent_organ_id)
            VALUES (\(organ.id), \(organ.name), \(organ.department), \(organ.level), \(organ.divisionCode),
                    \(organ.parentId))
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, department = excluded.department,
                level = excluded.level, division_code = excluded.division_code,
                parent_organ_id = excluded.parent_organ_id
            """)
        guard organ.level == .station else { return }
        try await transaction.execute("DELETE FROM station_township WHERE organ_id = \(organ.id)")
        try await transaction.execute(
            """
            INSERT INTO station_township (division_code, township, organ_id)
            SELECT \(organ.divisionCode), township, \(organ.id) FROM unnest(\(organ.townships)::text[]) AS township
            """)
    }
}
