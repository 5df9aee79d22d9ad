import Concurrency
import Postgres
import Synchronization
import TestSupport
import Testing

struct TransactionTests {
    private struct Refusal: Error {}

    private func withCounter(_ body: @Sendable (PostgresPool) async throws -> Void) async throws {
        let table = "CREATE TABLE counter (id int PRIMARY KEY, n int); INSERT INTO counter VALUES (1, 0), (2, 0)"
        try await ScratchPostgres.withPool(schema: "tx", migrations: [Migration(name: "V001", sql: table)]) { pool in
            try await body(pool)
        }
    }

    @Test func whatReturnsIsCommittedAndWhatThrowsIsNot() async throws {
        try await withCounter { pool in
            let committed = Mutex(0)
            let value = try await pool.transaction { tx in
                tx.afterCommit { committed.withLock { $0 += 1 } }
                try await tx.execute("UPDATE counter SET n = n + 1")
                #expect(committed.withLock { $0 } == 0)
                return "done"
            }
            #expect(value == "done")
            #expect(committed.withLock { $0 } == 1)
            await #expect(throws: Refusal.self) {
                try await pool.transaction { tx in
                    tx.afterCommit { committed.withLock { $0 += 1 } }
                    try await tx.execute("UPDATE counter SET n = n + 1")
                    throw Refusal()
                }
            }
            #expect(committed.withLock { $0 } == 1)
            #expect(try await pool.first("SELECT sum(n) AS n FROM counter") { try $0["n"] as Int } == 2)
        }
    }

    @Test func aTransactionIsUselessAfterItsEnd() async throws {
        try await withCounter { pool in
            let leaked = try await pool.transaction { tx in
                try await tx.execute("UPDATE counter SET n = 1")
                return tx
            }
            do {
                try await leaked.execute("UPDATE counter SET n = 2")
                Issue.record("a finished transaction ran a statement")
            } catch let error as PostgresError {
                #expect(error.code == PostgresError.misuse)
            }
        }
    }

    @Test func aSwallowedFailureCannotBeCommitted() async throws {
        try await withCounter { pool in
            do {
                try await pool.transaction { tx in
                    do {
                        try await tx.execute("INSERT INTO counter VALUES (1, 1)")
                    } catch let error as PostgresError {
                        #expect(error.isUniqueViolation)
                        #expect(error.constraint == "counter_pkey")
                        #expect(error.table == "counter")
                    }
                }
                Issue.record("a failed transaction was reported as committed")
            } catch let error as PostgresError {
                #expect(error.code == "25P02")
            }
        }
    }

    @Test func theFirstStatementBelongsToTheTransactionHoweverItIsSent() async throws {
        try await withCounter { pool in
            // From the second round on BEGIN and the statement go out together.
            for round in 1...3 {
                await #expect(throws: Refusal.self) {
                    try await pool.transaction { tx in
                        try await tx.execute("UPDATE counter SET n = 100 WHERE id = 1")
                        throw Refusal()
                    }
                }
                let level = try await pool.transaction(isolation: .serializable) { tx in
                    try await tx.first("SELECT current_setting('transaction_isolation') AS level") {
                        try $0["level"] as String
                    }
                }
                #expect(level == "serializable")
                await #expect(throws: PostgresError.self) {
                    try await pool.transaction { try await $0.execute("INSERT INTO counter VALUES (1, \(round))") }
                }
                // Fails before it is sent; what follows is in the transaction all the same.
                await #expect(throws: Refusal.self) {
                    try await pool.transaction { tx in
                        do {
                            try await tx.execute("SELECT \("a\0")::text")
                        } catch let error as PostgresError {
                            #expect(error.code == "22021")
                        }
                        try await tx.execute("UPDATE counter SET n = 100 WHERE id = 1")
                        throw Refusal()
                    }
                }
            }
            #expect(try await pool.query("SELECT n FROM counter ORDER BY id") { try $0["n"] as Int } == [0, 0])
        }
    }

    @Test func aSavepointUndoesOnlyItsOwnPart() async throws {
        try await withCounter { pool in
            let actions = Mutex([String]())
            try await pool.transaction { tx in
                try await tx.execute("UPDATE counter SET n = 5 WHERE id = 1")
                tx.afterCommit { actions.withLock { $0.append("outer") } }
                await #expect(throws: PostgresError.self) {
                    try await tx.savepoint {
                        tx.afterCommit { actions.withLock { $0.append("inner") } }
                        try await tx.execute("UPDATE counter SET n = 6 WHERE id = 2")
                        try await tx.execute("INSERT INTO counter VALUES (1, 1)")
                    }
                }
                try await tx.savepoint { try await tx.execute("INSERT INTO counter VALUES (3, 7)") }
            }
            let rows = try await pool.query("SELECT n FROM counter ORDER BY id") { try $0["n"] as Int }
            #expect(rows == [5, 0, 7])
            #expect(actions.withLock { $0 } == ["outer"])
        }
    }

    @Test func serializationFailuresAreRunAgain() async throws {
        try await withCounter { pool in
            let firstHasRead = Signal()
            let secondHasCommitted = Signal()
            let runs = Mutex(0)
            let first = Task {
                try await pool.transaction(isolation: .serializable) { tx in
                    let n = try await tx.first("SELECT n FROM counter WHERE id = 1") { try $0["n"] as Int }
                    let run = runs.withLock { count in
                        count += 1
                        return count
                    }
                    if run == 1 {
                        firstHasRead.send()
                        await secondHasCommitted.wait()
                    }
                    try await tx.execute("UPDATE counter SET n = \((n ?? 0) + 1) WHERE id = 1")
                }
            }
            await firstHasRead.wait()
            try await pool.transaction { try await $0.execute("UPDATE counter SET n = 10 WHERE id = 1") }
            secondHasCommitted.send()
            try await first.value
            #expect(runs.withLock { $0 } == 2)
            #expect(try await pool.first("SELECT n FROM counter WHERE id = 1") { try $0["n"] as Int } == 11)
        }
    }

    @Test func deadlocksAreRunAgain() async throws {
        try await withCounter { pool in
            let meeting = Meeting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await meeting.addBoth(pool, first: 1, second: 2) }
                group.addTask { try await meeting.addBoth(pool, first: 2, second: 1) }
                try await group.waitForAll()
            }
            #expect(try await pool.query("SELECT n FROM counter ORDER BY id") { try $0["n"] as Int } == [2, 2])
            // Two first runs and at least one more: on a busy machine the two may meet again.
            #expect(meeting.holders.withLock { $0 } >= 3)
        }
    }

    @Test func aConnectionLostDuringCommitIsAnUnknownOutcome() async throws {
        try await withCounter { pool in
            // A deferred constraint trigger runs inside COMMIT and ends its own session there.
            try await pool.execute(
                """
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
                """)
            try await pool.execute(
                """
                CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION die()
                """)
            do {
                try await pool.transaction { try await $0.execute("UPDATE counter SET n = 1 WHERE id = 1") }
                Issue.record("COMMIT succeeded")
            } catch let error as PostgresError {
                #expect(error.isOutcomeUnknown)
                #expect(!error.isRetriable)
            }
            // The pool goes on with a new connection.
            #expect(try await pool.first("SELECT 1 AS one") { try $0["one"] as Int } == 1)
        }
    }

    @Test func aDedicatedConnectionHasTheSameTransactions() async throws {
        let database = try await ScratchPostgres.database()
        let connection = try await PostgresConnection.open(database.configuration(schema: "public"))
        try await connection.execute("CREATE TABLE t (n int)")
        await #expect(throws: Refusal.self) {
            try await connection.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                throw Refusal()
            }
        }
        try await connection.transaction { try await $0.execute("INSERT INTO t VALUES (2)") }
        #expect(try await connection.query("SELECT n FROM t") { try $0["n"] as Int } == [2])
        await connection.close()
        #expect(connection.isBroken)
        await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        try await database.drop()
    }
}

/// Two transactions hold their first row before either asks for the other's; the server ends one, which starts over.
private final class Meeting: Sendable {
    let holders = Mutex(0)
    private let bothHold = Signal()

    func addBoth(_ pool: PostgresPool, first: Int, second: Int) async throws {
        try await pool.transaction { tx in
            try await tx.execute("UPDATE counter SET n = n + 1 WHERE id = \(first)")
            let place = self.holders.withLock { count in
                count += 1
                return count
            }
            if place == 1 { await self.bothHold.wait() }
            if place == 2 { self.bothHold.send() }
            try await tx.execute("UPDATE counter SET n = n + 1 WHERE id = \(second)")
        }
    }
}
