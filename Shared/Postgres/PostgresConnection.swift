import Concurrency
import Foundation
import Synchronization

/// One connection, owned by one thread. Used through a pool, or opened on its own for a session-wide advisory lock.
///
/// Cancelling the task cancels the statement on the server; the connection is rolled back and stays usable.
public actor PostgresConnection: PostgresExecutor {
    let executor: ThreadExecutor
    nonisolated public var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let configuration: PostgresConfiguration
    private let canceller = Canceller()
    private var session: Session?
    /// The transaction that owns the connection.
    private var owner: UInt64?
    private var hasBegun = false
    private var lastUse = ContinuousClock.now
    private nonisolated let broken = Atomic(false)
    private nonisolated let transactions = Atomic<UInt64>(0)

    /// After this idle time a connection is looked at before use: the server may have gone in the meantime.
    private static let idleBeforeProbe: Duration = .seconds(1)

    private init(_ configuration: PostgresConfiguration) {
        self.configuration = configuration
        executor = ThreadExecutor(name: "pg-\(configuration.schema)")
    }

    deinit { executor.shutDown() }

    public static func open(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
        let connection = PostgresConnection(configuration)
        try await connection.connect()
        return connection
    }

    private func connect() throws {
        let session = try Session(configuration)
        canceller.connect(session.cancelHandle())
        self.session = session
    }

    /// True once the connection was lost or closed; it never recovers.
    public nonisolated var isBroken: Bool { broken.load(ordering: .acquiring) }

    public func close() {
        session = nil
        broken.store(true, ordering: .releasing)
    }

    // MARK: statements

    public nonisolated func query<T: Sendable>(
        _ sql: SQL, _ decode: @Sendable (Row) throws -> T
    ) async throws -> [T] {
        try await query(sql, in: nil, decode)
    }

    @discardableResult
    public nonisolated func execute(_ sql: SQL) async throws -> Int {
        try await execute(sql, in: nil)
    }

    nonisolated func query<T: Sendable>(
        _ sql: SQL, in scope: TransactionScope?, _ decode: @Sendable (Row) throws -> T
    ) async throws -> [T] {
        let ticket = canceller.newTicket()
        return try await withTaskCancellationHandler {
            try await run(sql, ticket, scope) { result in
                var rows: [T] = []
                rows.reserveCapacity(Int(result.rowCount))
                for index in 0..<result.rowCount { rows.append(try decode(Row(result: result, index: index))) }
                return rows
            }
        } onCancel: {
            canceller.cancel(ticket)
        }
    }

    nonisolated func execute(_ sql: SQL, in scope: TransactionScope?) async throws -> Int {
        let ticket = canceller.newTicket()
        return try await withTaskCancellationHandler {
            try await run(sql, ticket, scope) { $0.affectedRows }
        } onCancel: {
            canceller.cancel(ticket)
        }
    }

    private func run<R: Sendable>(
        _ sql: SQL, _ ticket: UInt64, _ scope: TransactionScope?, _ read: (QueryResult) throws -> R
    ) throws -> R {
        let session = try openSession()
        if let scope {
            guard owner == scope.number else { throw Self.misuse("a transaction was used after its end") }
        }
        if owner == nil || !hasBegun { try probe(session) }
        canceller.begin(ticket)
        defer { lastUse = .now }
        do {
            try Task.checkCancellation()
            let result: QueryResult
            if let scope, !hasBegun {
                // A statement that failed before it was sent has begun nothing.
                defer { hasBegun = session.transactionStatus != .idle }
                result = try session.begin(scope.isolation, with: sql)
            } else {
                result = try session.execute(sql)
            }
            if canceller.end() { try settle(session, scope) }
            return try read(result)
        } catch {
            if canceller.end() { try settle(session, scope) }
            noteLoss(session)
            if Task.isCancelled, (error as? PostgresError)?.code == "57014" { throw CancellationError() }
            throw error
        }
    }

    /// After a cancellation was sent to the server. Outside a transaction a signal that came too late for its statement
    /// is caught by a ROLLBACK here; inside one the transaction is given up, and its owner rolls back.
    private func settle(_ session: Session, _ scope: TransactionScope?) throws {
        guard scope == nil else { throw CancellationError() }
        rollBack(session)
    }

    /// Runs trusted text of several statements; for migrations.
    func script(_ text: String) throws {
        let session = try openSession()
        defer { noteLoss(session) }
        try session.script(text)
    }

    // MARK: transactions

    /// Runs `body` in a transaction on this connection; one at a time. Rolls back on throw, retries serialization
    /// failures and deadlocks. `body` runs on the connection's thread, so that its statements cost no change of thread.
    @discardableResult
    public nonisolated func transaction<T: Sendable>(
        isolation: PostgresIsolation = .readCommitted,
        _ body: @Sendable (PostgresTransaction) async throws -> T
    ) async throws -> T {
        var retries = TransactionRetries()
        while true {
            do {
                return try await attempt(isolation: isolation, body)
            } catch {
                guard !isBroken else { throw error }
                try await retries.waitBeforeRetry(after: error)
            }
        }
    }

    nonisolated func attempt<T: Sendable>(
        isolation: PostgresIsolation, _ body: @Sendable (PostgresTransaction) async throws -> T
    ) async throws -> T {
        let scope = TransactionScope(
            number: transactions.add(1, ordering: .relaxed).newValue, isolation: isolation)
        let transaction = PostgresTransaction(self, scope)
        return try await withTaskExecutorPreference(executor) {
            try await begin(scope)
            let value: T
            do {
                value = try await body(transaction)
            } catch {
                await rollBack(scope)
                throw error
            }
            try await commit(scope)
            transaction.runCommitActions()
            return value
        }
    }

    /// Reserves the connection. BEGIN itself goes out with the first statement, in the same visit to the thread.
    private func begin(_ scope: TransactionScope) throws {
        _ = try openSession()
        guard owner == nil else { throw Self.misuse("the connection is in a transaction already") }
        owner = scope.number
        hasBegun = false
    }

    private func commit(_ scope: TransactionScope) throws {
        let session = try openSession()
        defer { release(session) }
        guard hasBegun else { return }
        try session.commit()
    }

    /// Never fails: a connection on which ROLLBACK does not work is broken, and the server rolls back what it loses.
    private func rollBack(_ scope: TransactionScope) {
        guard owner == scope.number, let session else { return }
        release(session)
    }

    private func release(_ session: Session) {
        owner = nil
        if hasBegun, session.transactionStatus != .idle { rollBack(session) }
        hasBegun = false
        noteLoss(session)
    }

    // MARK: state

    private func openSession() throws -> Session {
        guard let session else { throw PostgresError(code: "08003", message: "the connection is closed") }
        return session
    }

    private func probe(_ session: Session) throws {
        guard lastUse.duration(to: .now) > Self.idleBeforeProbe, !session.isAlive() else { return }
        close()
        throw PostgresError(code: PostgresError.wentAwayWhileIdle, message: "the server closed the idle connection")
    }

    /// Brings the session back to idle. A late cancellation hits this ROLLBACK at worst, which is then repeated.
    private func rollBack(_ session: Session) {
        for _ in 0..<2 {
            do {
                try session.script("ROLLBACK")
                return
            } catch {
                continue
            }
        }
        close()
    }

    private func noteLoss(_ session: Session) {
        if session.transactionStatus == .broken { close() }
    }

    private static func misuse(_ message: String) -> PostgresError {
        PostgresError(code: PostgresError.misuse, message: message)
    }
}

/// Names one transaction on its connection.
struct TransactionScope: Sendable {
    let number: UInt64
    let isolation: PostgresIsolation
}

extension PostgresError {
    /// Nothing was sent: the pool takes another connection.
    static let wentAwayWhileIdle = "08003"
}
