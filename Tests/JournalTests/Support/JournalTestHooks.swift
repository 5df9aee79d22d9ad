import Concurrency
import Postgres

@testable import Journal

/// The relay's own parts, used without Kafka.
enum JournalTestHooks {
    static func sequence(_ fixture: JournalFixture, batchSize: Int = 1_000) async throws {
        let connection = try await PostgresConnection.open(
            fixture.database.configuration(schema: JournalFixture.schema))
        do {
            let sequencer = try await Sequencer(connection, service: JournalFixture.service, batchSize: batchSize)
            while true {
                let batch = try await sequencer.next()
                if batch.isEmpty { break }
                try await fixture.pool.execute(
                    "DELETE FROM journal_pending WHERE position = ANY(\(batch.map(\.entry.position)))")
            }
            var keeper = CheckpointKeeper(
                signer: fixture.signer, service: JournalFixture.service, clock: SystemClock(), interval: .zero)
            try await keeper.resume(connection)
            if keeper.isDue(await sequencer.frontier, at: .now) {
                try await keeper.sign(await sequencer.frontier, connection)
            }
            await connection.close()
            if let halted = keeper.halted { throw halted }
        } catch {
            await connection.close()
            throw error
        }
    }
}
