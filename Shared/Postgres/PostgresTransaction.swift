import Synchronization

/// A running transaction. Valid only inside the closure that receives it.
public final class PostgresTransaction: PostgresExecutor {
    private let connection: PostgresConnection
    private let scope: TransactionScope
    private let commitActions = Mutex<[@Sendable () -> Void]>([])
    private let savepoints = Atomic(0)

    init(_ connection: PostgresConnection, _ scope: TransactionScope) {
        self.connection = connection
        self.scope = scope
    }

    public func query<T: Sendable>(_ sql: SQL, _ decode: @Sendable (Row) throws -> T) async throws -> [T] {
        try await connection.query(sql, in: scope, decode)
    }

    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await connection.execute(sql, in: scope)
    }

    /// Runs after COMMIT succeeded, in order of registration; never after a rollback. Must be quick and must not block.
    public func afterCommit(_ action: @escaping @Sendable () -> Void) {
        commitActions.withLock { $0.append(action) }
    }

    /// Runs `body` so that its failure undoes only its own effects and the transaction can go on.
    @discardableResult
    public func savepoint<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        let name = "sp\(savepoints.add(1, ordering: .relaxed).newValue)"
        let actions = commitActions.withLock { $0.count }
        try await execute("SAVEPOINT \(identifier: name)")
        do {
            let value = try await body()
            try await execute("RELEASE SAVEPOINT \(identifier: name)")
            return value
        } catch {
            commitActions.withLock { $0.removeSubrange(actions...) }
            try await execute("ROLLBACK TO SAVEPOINT \(identifier: name)")
            throw error
        }
    }

    func runCommitActions() {
        let actions = commitActions.withLock { actions in
            defer { actions = [] }
            return actions
        }
        for action in actions { action() }
    }
}
