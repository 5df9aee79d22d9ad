import Concurrency
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

/// What happens when connections are short, slow, cancelled or gone.
struct PoolTests {
    private func quiet() -> Logger {
        var logger = Logger(label: "test.pool")
        logger.logLevel = .critical
        return logger
    }

    @Test func moreCallersThanConnectionsAllGetTheirTurn() async throws {
        try await ScratchPostgres.withPool(schema: "pool", poolSize: 3) { pool in
            let pids = try await withThrowingTaskGroup(of: Int.self) { group in
                for n in 0..<60 {
                    group.addTask {
                        try await pool.first("SELECT pg_backend_pid() AS pid, \(n) AS n") { try $0["pid"] as Int } ?? 0
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(pids.count <= 3)
        }
    }

    @Test func waitingTooLongIsAClearRetriableError() async throws {
        let database = try await ScratchPostgres.database()
        var configuration = database.configuration(schema: "public", poolSize: 1)
        configuration.acquireTimeout = .milliseconds(50)
        let pool = PostgresPool(configuration, logger: quiet())
        // On a busy machine the first connection may take longer than that: again until it is there.
        var isOpen = false
        while !isOpen {
            do {
                isOpen = try await pool.execute("SELECT 1") == 1
            } catch let error as PostgresError {
                #expect(error.code == PostgresError.acquireTimeout)
            }
        }
        try await pool.transaction { tx in
            try await tx.execute("SELECT 1")
            do {
                try await pool.execute("SELECT 2")
                Issue.record("a second connection was handed out")
            } catch let error as PostgresError {
                #expect(error.code == PostgresError.acquireTimeout)
                #expect(error.isRetriable)
            }
        }
        try await pool.execute("SELECT 3")
        await pool.close()
        try await database.drop()
    }

    @Test func cancellingATaskCancelsItsStatementAndKeepsTheConnection() async throws {
        let database = try await ScratchPostgres.database()
        let pool = database.pool(schema: "public", poolSize: 1)
        let watcher = database.pool(schema: "public", poolSize: 1)
        let pid = try await pool.first("SELECT pg_backend_pid() AS pid") { try $0["pid"] as Int }
        for inTransaction in [false, true] {
            let sleeper = Task {
                if inTransaction {
                    try await pool.transaction { try await $0.execute("SELECT pg_sleep(600)") }
                } else {
                    try await pool.execute("SELECT pg_sleep(600)")
                }
            }
            // Waits on the server until the statement runs there.
            try await watcher.execute(
                """
                DO $$ BEGIN
                    WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%(600)%'
                        AND datname = current_database())
                    LOOP PERFORM pg_sleep(0.002); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$
                """)
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
            #expect(try await pool.first("SELECT pg_backend_pid() AS pid") { try $0["pid"] as Int } == pid)
        }
        await pool.close()
        await watcher.close()
        try await database.drop()
    }

    @Test func aTaskCancelledWhileItWaitsForAConnectionLeavesTheQueue() async throws {
        try await ScratchPostgres.withPool(schema: "pool", poolSize: 1) { pool in
            let isRunning = Signal()
            let mayEnd = Signal()
            let holder = Task {
                try await pool.transaction { tx in
                    try await tx.execute("SELECT 1")
                    isRunning.send()
                    await mayEnd.wait()
                }
            }
            await isRunning.wait()
            let waiter = Task { try await pool.execute("SELECT 2") }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            mayEnd.send()
            try await holder.value
            try await pool.execute("SELECT 3")
        }
    }

    @Test func lostConnectionsAreReplaced() async throws {
        let database = try await ScratchPostgres.database()
        let pool = database.pool(schema: "public", poolSize: 3)
        let killer = try await PostgresConnection.open(database.configuration(schema: "public"))
        for _ in 0..<5 {
            let runs = Mutex(0)
            let value = try await pool.transaction { tx in
                let run = runs.withLock { count in
                    count += 1
                    return count
                }
                let pid = try await tx.first("SELECT pg_backend_pid() AS pid") { try $0["pid"] as Int }
                // Lost before COMMIT: nothing happened, and the transaction is run again.
                if run == 1 { try await killer.execute("SELECT pg_terminate_backend(\(Int32(pid ?? 0)))") }
                return try await tx.first("SELECT 7 AS n") { try $0["n"] as Int }
            }
            #expect(value == 7)
            #expect(runs.withLock { $0 } == 2)
        }
        await killer.close()
        await pool.close()
        try await database.drop()
    }

    @Test func aStatementThatTakesTooLongIsEndedByTheServer() async throws {
        let database = try await ScratchPostgres.database()
        var configuration = database.configuration(schema: "public", poolSize: 1)
        configuration.statementTimeout = .milliseconds(30)
        let pool = PostgresPool(configuration, logger: quiet())
        do {
            try await pool.execute("SELECT pg_sleep(600)")
            Issue.record("no timeout")
        } catch let error as PostgresError {
            #expect(error.code == "57014")
            #expect(error.isRetriable)
        }
        try await pool.execute("SELECT 1")
        await pool.close()
        try await database.drop()
    }

    @Test func aServerThatCannotBeReachedIsNamedInTheError() async throws {
        var configuration = PostgresConfiguration(
            url: "postgresql://nobody@/none?host=/nonexistent", schema: "x", applicationName: "test")
        configuration.acquireTimeout = .milliseconds(60)
        let pool = PostgresPool(configuration, logger: quiet())
        // The first callers may give up before the first attempt has failed.
        var message = ""
        for _ in 0..<100 where !message.contains("/nonexistent") {
            do {
                try await pool.execute("SELECT 1")
                Issue.record("connected")
            } catch let error as PostgresError {
                #expect(error.code == PostgresError.acquireTimeout)
                message = error.message
            }
        }
        #expect(message.contains("/nonexistent"))
        await pool.close()
    }

    @Test func aClosedPoolRefusesWork() async throws {
        let database = try await ScratchPostgres.database()
        let pool = database.pool(schema: "public")
        try await pool.execute("SELECT 1")
        await pool.close()
        do {
            try await pool.execute("SELECT 1")
            Issue.record("a closed pool ran a statement")
        } catch let error as PostgresError {
            #expect(error.code == PostgresError.poolClosed)
        }
        try await database.drop()
    }

    @Test func plansAreRenewedWhenATableChanges() async throws {
        try await ScratchPostgres.withPool(schema: "pool", poolSize: 1) { pool in
            try await pool.execute("CREATE TABLE t (a int)")
            try await pool.execute("INSERT INTO t VALUES (1)")
            #expect(try await pool.query("SELECT * FROM t") { try $0["a"] as Int } == [1])
            try await pool.execute("ALTER TABLE t ADD COLUMN b text DEFAULT 'new'")
            #expect(try await pool.query("SELECT * FROM t") { try $0["b"] as String } == ["new"])
        }
    }

    @Test func thousandsOfDifferentStatementsDoNotFillTheServer() async throws {
        try await ScratchPostgres.withPool(schema: "pool", poolSize: 1) { pool in
            for n in 0..<600 { try await pool.execute(SQL(trusted: "SELECT \(n)")) }
            let kept = try await pool.first("SELECT count(*) AS n FROM pg_prepared_statements") { try $0["n"] as Int }
            #expect((kept ?? 0) <= 257)
            #expect(try await pool.first("SELECT 5 AS n") { try $0["n"] as Int } == 5)
        }
    }
}
