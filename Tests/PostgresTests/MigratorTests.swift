import Postgres
import TestSupport
import Testing

struct MigratorTests {
    private let first = Migration(name: "V001_init", sql: "CREATE TABLE a (n int); INSERT INTO a VALUES (1);")
    private let second = Migration(name: "V002_more", sql: "ALTER TABLE a ADD COLUMN m int;")

    @Test func migrationsRunOnceAndInOrder() async throws {
        let database = try await ScratchPostgres.database()
        #expect(try await database.migrate(schema: "s", [first]) == ["V001_init"])
        #expect(try await database.migrate(schema: "s", [first, second]) == ["V002_more"])
        #expect(try await database.migrate(schema: "s", [first, second]) == [])
        // The same names in another schema are another history.
        #expect(try await database.migrate(schema: "other", [first]) == ["V001_init"])
        try await database.drop()
    }

    @Test func aChangedMigrationIsRefusedBeforeAnythingRuns() async throws {
        let database = try await ScratchPostgres.database()
        try await database.migrate(schema: "s", [first])
        let changed = Migration(name: first.name, sql: first.sql + " ")
        do {
            try await database.migrate(schema: "s", [changed, second])
            Issue.record("a changed migration was accepted")
        } catch let error as PostgresError {
            #expect(error.code == PostgresError.migrationChanged)
            #expect(error.message.contains("V001_init"))
        }
        #expect(try await database.migrate(schema: "s", [first, second]) == ["V002_more"])
        try await database.drop()
    }

    @Test func aFailingMigrationLeavesNothingBehind() async throws {
        let database = try await ScratchPostgres.database()
        let broken = Migration(name: "V002", sql: "CREATE TABLE b (n int); SELECT 1/0;")
        await #expect(throws: PostgresError.self) { try await database.migrate(schema: "s", [first, broken]) }
        let fixed = Migration(name: "V002", sql: "CREATE TABLE b (n int);")
        #expect(try await database.migrate(schema: "s", [first, fixed]) == ["V002"])
        try await database.drop()
    }

    @Test func migratorsThatStartTogetherApplyEachMigrationOnce() async throws {
        let database = try await ScratchPostgres.database()
        let all = [first, second]
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 { group.addTask { try await database.migrate(schema: "s", all) } }
            return try await group.reduce(into: [String]()) { $0 += $1 }
        }
        #expect(applied == ["V001_init", "V002_more"])
        try await database.drop()
    }
}
