import Concurrency
import Contracts
import Crypto
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Journal
@testable import PatrolLedgerService

/// The relay's own parts, used without Kafka: a journal with a signed tree head.
extension PatrolWorld {
    static let signer: CheckpointSigner = {
        do {
            return try CheckpointSigner(
                origin: "brightkitchen.example/patrol-ledger", privateKey: Curve25519.Signing.PrivateKey())
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// Sequences and signs everything that is pending.
    func sequence() async throws {
        let connection = try await PostgresConnection.open(
            PostgresConfiguration(
                url: client.runtime.configuration.databaseURL, schema: PatrolLedgerService.description.schema,
                applicationName: "test"))
        do {
            let sequencer = try await Sequencer(connection, service: "patrol-ledger", batchSize: 1000)
            while true {
                let batch = try await sequencer.next()
                if batch.isEmpty { break }
                try await connection.execute(
                    "DELETE FROM journal_pending WHERE position = ANY(\(batch.map(\.entry.position)))")
            }
            var keeper = CheckpointKeeper(
                signer: Self.signer, service: "patrol-ledger", clock: client.clock, interval: .zero)
            try await keeper.resume(connection)
            let frontier = await sequencer.frontier
            if keeper.isDue(frontier, at: .now) { try await keeper.sign(frontier, connection) }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// A sealed still without a camera: the bytes do not matter to what happens to it afterwards.
    func sealStill(_ number: Int, in patrol: PatrolID, bytes: String) async throws -> EvidenceRecord {
        let caller = caller(TestPersons.station)
        let sealed = try await service.desk.vault.store(Data(bytes.utf8))
        let evidence = EvidenceRecord(
            evidenceId: .new(), kind: .still, canteenId: canteenId(number),
            schoolId: number == 1 ? TestPersons.school : SchoolID("school-\(number)"), patrolId: patrol, zone: .z3,
            cameraId: cameraId(number), mediaType: "image/jpeg", sealed: sealed, thumbnailHash: nil, cameraTime: nil,
            serverTime: client.clock.now(), capturedBy: caller.person)
        try await service.desk.record(evidence, patrol: patrol, by: caller)
        return evidence
    }

    /// A closed patrol with one problem of the given item that rests on one still.
    func problemWithEvidence(
        item: String = "Z3-07", severity: Int? = nil
    ) async throws -> (problem: ProblemID, evidence: EvidenceRecord, ledger: String) {
        let person = TestPersons.station
        let patrol = try await open([1, 2], as: person)
        let evidence = try await sealStill(1, in: patrol, bytes: "picture of \(patrol)")
        let finding = ItemFinding(
            code: item, result: .violation, note: "菜筐放地上", severity: severity, evidenceIds: [evidence.evidenceId])
        try await visit(1, in: patrol, as: person, [finding])
        try await visit(2, in: patrol, as: person)
        let closed = try await service.desk.close(patrol, by: caller(person))
        return (try #require(closed.problemIds.first), evidence, closed.ledgerNumber)
    }

    func events<E: Event>(_ type: E.Type) async throws -> [E] {
        try await client.pool.query("SELECT data FROM journal WHERE type = \(E.type) ORDER BY position") { row in
            try EventJSON.decode(E.self, from: try row["data"] as [UInt8])
        }
    }
}

extension PatrolWorld {
    /// Where the original lies on the disk.
    func evidenceFile(_ hash: String) throws -> URL {
        try #require(service.desk.vault.storage as? EvidenceDirectory).url(hash)
    }
}
