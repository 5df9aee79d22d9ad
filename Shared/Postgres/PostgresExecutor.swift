/// What runs statements: the pool (each on its own), a transaction, or a dedicated connection.
public protocol PostgresExecutor: Sendable {
    /// All rows. `decode` runs on the connection's thread while the row is valid.
    func query<T: Sendable>(_ sql: SQL, _ decode: @Sendable (Row) throws -> T) async throws -> [T]
    /// Number of affected (or, for SELECT, returned) rows.
    @discardableResult func execute(_ sql: SQL) async throws -> Int
}

extension PostgresExecutor {
    /// The first row, nil when there is none.
    public func first<T: Sendable>(_ sql: SQL, _ decode: @Sendable (Row) throws -> T) async throws -> T? {
        try await query(sql, decode).first
    }
}

public enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}
