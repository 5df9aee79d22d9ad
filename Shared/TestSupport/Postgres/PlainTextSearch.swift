import Postgres

/// Looks for a planted value in every column of every table, as text and as bytes.
public enum PlainTextSearch {
    /// `schema.table` of each table of the database (system tables left out) with a row that shows the value.
    public static func tables(showing value: String, in pool: PostgresPool) async throws -> [String] {
        let tables = try await pool.query(
            """
            SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
            ORDER BY table_schema, table_name
            """
        ) { row -> (schema: String, name: String) in (try row["schema"], try row["name"]) }
        let hex = value.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        var found: [String] = []
        for table in tables {
            let rows = try await pool.first(
                """
                SELECT count(*) AS n FROM \(identifier: table.schema).\(identifier: table.name) t
                WHERE strpos(t::text, \(value)) > 0 OR strpos(t::text, \(hex)) > 0
                """
            ) { row -> Int in try row["n"] }
            if let rows, rows > 0 { found.append("\(table.schema).\(table.name)") }
        }
        return found
    }
}
