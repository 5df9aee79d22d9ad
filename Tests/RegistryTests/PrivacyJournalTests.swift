import Access
import Calendar
import Concurrency
import Contracts
import Crypto
import Foundation
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import Journal
@testable import RegistryService

/// Personal data go; the journal stays provable.
struct PrivacyJournalTests {
    private static func signer() throws -> CheckpointSigner {
        try CheckpointSigner(
            origin: "brightkitchen.example/registry", privateKey: Curve25519.Signing.PrivateKey())
    }

    /// Sequences and signs everything that is pending, as the relay does.
    private func seal(_ client: ServiceClient, _ signer: CheckpointSigner) async throws {
        let connection = try await PostgresConnection.open(
            PostgresConfiguration(
                url: client.runtime.configuration.databaseURL, schema: RegistryService.description.schema,
                applicationName: "test"))
        do {
            let sequencer = try await Sequencer(connection, service: "registry", batchSize: 1000)
            while true {
                let batch = try await sequencer.next()
                if batch.isEmpty { break }
                try await connection.execute(
                    "DELETE FROM journal_pending WHERE position = ANY(\(batch.map(\.entry.position)))")
            }
            var keeper = CheckpointKeeper(signer: signer, service: "registry", clock: client.clock, interval: .zero)
            try await keeper.resume(connection)
            let frontier = await sequencer.frontier
            if keeper.isDue(frontier, at: .now) { try await keeper.sign(frontier, connection) }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    @Test func whatIsPurgedAndErasedLeavesAJournalThatStillVerifies() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let staff = try RegistryTest.file([
                "姓名,登录名,角色,机构,学校,任职日期,离任日期", "司徒种植甲,planted.gone,县级监管人员,鹤山市市场监督管理局,,2026-01-01,2026-03-01",
                "司徒种植乙,planted.erased,安全管理员,,,2026-01-01,2026-11-01",
            ])
            try await RegistryTest.importFiles(ImportFiles(staff: staff), client)
            let signer = try Self.signer()
            try await seal(client, signer)
            let kept = try #require(
                try await client.pool.first("SELECT note FROM journal_checkpoint ORDER BY size DESC LIMIT 1") {
                    row -> String in try row["note"]
                })
            let verifier = JournalVerifier(service: "registry", pool: client.pool, keys: [signer.key])
            let before = try await verifier.verify(external: kept)
            #expect(before.isIntact, "\(before.failures)")

            let purged = try await RetentionPurge(service: "registry", inventory: .shipped(), pool: client.pool)
                .run(now: client.clock.now())
            #expect(purged.contains { $0.table == "person_identity" && $0.rows == 1 })
            #expect(try await PlainTextSearch.tables(showing: "planted.gone", in: client.pool) == [])
            let person = try await client.pool.first(
                "SELECT person_id FROM person_identity WHERE login = 'planted.erased'"
            ) { row -> PersonID in try row["person_id"] }
            let erased = try await client.send(
                .post, "/registry/v1/persons/\(try #require(person))/erasure", as: TestPersons.systemAdmin)
            #expect(erased.status == .noContent)
            #expect(try await PlainTextSearch.tables(showing: "planted.erased", in: client.pool) == [])

            try await seal(client, signer)
            // Against the checkpoint that somebody else has kept from before: nothing was taken out of the journal.
            let after = try await verifier.verify(external: kept)
            #expect(after.isIntact, "\(after.failures)")
            #expect(after.entries > before.entries, "that it was purged and erased is itself recorded")
        }
    }
}
