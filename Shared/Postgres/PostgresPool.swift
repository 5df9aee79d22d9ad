import Concurrency
import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// A bounded set of connections, opened when needed.
///
/// Connections are handed out last used first (their caches are warm); callers wait in order. A connection that broke is
/// thrown away together with the idle ones, which most likely share its fate, and new ones are opened with back-off.
public final class PostgresPool: PostgresExecutor, Service {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let state: Mutex<PoolState>
    private let drained = Signal()
    private let metrics: PoolMetrics

    public init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        state = Mutex(PoolState(limit: configuration.poolSize))
        metrics = PoolMetrics(schema: configuration.schema)
    }

    /// Lives until graceful shutdown (or cancellation), then closes the connections.
    public func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            logger.debug("pool cancelled", metadata: ["schema": "\(configuration.schema)"])
        }
        await close()
    }

    /// Refuses new work, waits up to 5 s for the connections in use and closes all.
    public func close() async {
        let (waiters, idle) = state.withLock { $0.close() }
        for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
        for connection in idle { await connection.close() }
        let deadline = ContinuousClock.now + .seconds(5)
        while state.withLock({ $0.openCount > 0 }), ContinuousClock.now < deadline {
            await drained.wait(atMost: .milliseconds(100))
            if Task.isCancelled { return }
        }
    }

    // MARK: statements

    public func query<T: Sendable>(_ sql: SQL, _ decode: @Sendable (Row) throws -> T) async throws -> [T] {
        try await withConnection { try await $0.query(sql, decode) }
    }

    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await withConnection { try await $0.execute(sql) }
    }

    /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws or its task is cancelled.
    ///
    /// `body` is run again (≤ 3 times) after serialization failures, deadlocks and a connection lost before COMMIT: it
    /// must have no effects but those in the database. A connection lost during COMMIT is `outcome_unknown`.
    @discardableResult
    public func transaction<T: Sendable>(
        isolation: PostgresIsolation = .readCommitted,
        _ body: @Sendable (PostgresTransaction) async throws -> T
    ) async throws -> T {
        var retries = TransactionRetries()
        while true {
            do {
                return try await withConnection { try await $0.attempt(isolation: isolation, body) }
            } catch {
                try await retries.waitBeforeRetry(after: error)
            }
        }
    }

    private func withConnection<T: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> T
    ) async throws -> T {
        while true {
            let connection = try await acquire()
            defer { release(connection) }
            do {
                return try await body(connection)
            } catch let error as PostgresError where error.code == PostgresError.wentAwayWhileIdle {
                // Nothing was sent; the broken connection is replaced by release().
                continue
            }
        }
    }

    // MARK: connections

    private func acquire() async throws -> PostgresConnection {
        let (idle, isClosed) = state.withLock { ($0.takeIdle(), $0.isClosed) }
        if isClosed { throw Self.closed }
        if let idle {
            metrics.record(state.withLock { $0.figures })
            return idle
        }
        let start = ContinuousClock.now
        defer { metrics.recordWait(start.duration(to: .now)) }
        return try await waitForConnection()
    }

    private func waitForConnection() async throws -> PostgresConnection {
        let number = state.withLock { $0.newWaiterNumber() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let deadline = ContinuousClock.now + configuration.acquireTimeout
                let waiter = PoolState.Waiter(number: number, deadline: deadline, continuation: continuation)
                switch state.withLock({ $0.enqueue(waiter) }) {
                case .closed: continuation.resume(throwing: Self.closed)
                case .ready(let connection): continuation.resume(returning: connection)
                case .waiting(let needsConnection, let needsSweeper):
                    if needsConnection { Task { await openConnection() } }
                    if needsSweeper { Task { await expireWaiters() } }
                    // The handler below may have run before the waiter was there to be found.
                    if Task.isCancelled { abandon(number) }
                }
            }
        } onCancel: {
            abandon(number)
        }
    }

    private func abandon(_ number: Int) {
        let waiter = state.withLock { $0.removeWaiter(number) }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func release(_ connection: PostgresConnection) {
        let outcome = state.withLock { $0.release(connection, isBroken: connection.isBroken) }
        if let waiter = outcome.waiter { waiter.continuation.resume(returning: connection) }
        for discarded in outcome.discarded { Task { await discarded.close() } }
        if outcome.needsConnection { Task { await openConnection() } }
        if outcome.isDrained { drained.send() }
        metrics.record(outcome.figures)
    }

    /// Opens one connection for whoever waits; goes on trying as long as somebody does.
    private func openConnection() async {
        var backoff = Backoff(base: .milliseconds(20), maximum: .milliseconds(400))
        while true {
            do {
                let connection = try await PostgresConnection.open(configuration)
                let outcome = state.withLock { $0.opened(connection) }
                if let waiter = outcome.waiter { waiter.continuation.resume(returning: connection) }
                for discarded in outcome.discarded { await discarded.close() }
                if outcome.isDrained { drained.send() }
                metrics.record(outcome.figures)
                return
            } catch {
                let (isFirst, isWanted) = state.withLock { $0.openFailed("\(error)") }
                // Once per outage aloud.
                logger.log(
                    level: isFirst ? .warning : .debug, "cannot connect to the database",
                    metadata: ["schema": "\(configuration.schema)", "error": "\(error)"])
                guard isWanted else {
                    drained.send()
                    return
                }
            }
            await Signal().wait(atMost: backoff.next())
        }
    }

    /// Runs while callers wait; each gets a clear error when its time is over.
    private func expireWaiters() async {
        while true {
            let (expired, next, reason) = state.withLock { $0.expire(at: .now) }
            for waiter in expired { waiter.continuation.resume(throwing: timeout(reason)) }
            guard let next else { return }
            await Signal().wait(atMost: ContinuousClock.now.duration(to: next))
        }
    }

    private func timeout(_ lastFailure: String?) -> PostgresError {
        let cause = lastFailure.map { "; the last attempt to connect failed: \($0)" } ?? "; all are in use"
        return PostgresError(
            code: PostgresError.acquireTimeout,
            message: "no database connection became free within \(configuration.acquireTimeout)\(cause)")
    }

    private static let closed = PostgresError(
        code: PostgresError.poolClosed, message: "the connection pool has been shut down")
}
