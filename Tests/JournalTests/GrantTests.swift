import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Journal

/// The runtime role can do what the running service does, and cannot touch what is written.
@Suite struct GrantTests {
    @Test func runtimeRoleDoesItsWorkAndNoMore() async throws {
        let schema = "s" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(12)
        let role = schema + "_app"
        let database = try await ScratchPostgres.database()
        let owner = database.pool(schema: schema)
        try await owner.execute("CREATE ROLE \(identifier: role) LOGIN")
        try await database.migrate(schema: schema, JournalMigrations.all)
        try await owner.transaction { transaction in
            try await transaction.execute("SET LOCAL ROLE \(identifier: role)")
            for events in [[Stirred(1)], [Stirred(2), Stirred(3, key: "l")]] as [[any Event]] {
                _ = try await transaction.publish(events, JournalFixture.context, occurredAt: JournalFixture.now)
            }
            let store = InboxStore(consumer: "c")
            let key = StreamKey(source: "s", topic: "t", partitionKey: "k")
            let locked = try await store.lock([key], transaction)
            try await store.save(locked, transaction)
            _ = try await store.markSeen([EventIdentity(source: "s", id: "i")], transaction)
            try await transaction.execute(
                "INSERT INTO journal_leaf SELECT 0, position, sha256('') FROM journal ORDER BY position LIMIT 1")
            try await transaction.execute("DELETE FROM journal_pending")
            try await Republication.request(from: 0, reason: "test", transaction)
            try await Republication.finish(transaction)
        }
        let forbidden: [SQL] = [
            "UPDATE journal SET actor = 'x'", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM journal_leaf",
            "UPDATE journal_checkpoint SET note = ''", "DELETE FROM journal_node", "DELETE FROM dead_letter",
            "ALTER TABLE journal DISABLE TRIGGER ALL", "DROP TRIGGER refuse_change ON journal",
            "SET LOCAL session_replication_role = replica", "CREATE TABLE more (n int)",
            "SELECT setval('journal_position', 1)",
        ]
        for statement in forbidden {
            await #expect(
                performing: {
                    try await owner.transaction { transaction in
                        try await transaction.execute("SET LOCAL ROLE \(identifier: role)")
                        try await transaction.execute(statement)
                    }
                }, throws: { ($0 as? PostgresError)?.code == "42501" })
        }
        await owner.close()
        try await database.drop()
    }
}
