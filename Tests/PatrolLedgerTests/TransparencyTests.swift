import Access
import Calendar
import Concurrency
import Contracts
import Crypto
import Delivery
import Foundation
import Postgres
import Subprocess
import TestSupport
import Testing

@testable import Journal
@testable import PatrolLedgerService

/// Proofs over HTTP, checked by code that is not ours, and witnesses that keep us honest (scenario 20).
struct TransparencyTests {
    private struct Cosigned: Encodable { var note: String }
    private struct Witnesses: Decodable { var witnesses: [WitnessBook.Entry] }

    static let tool = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/tools/verify_ledger.py").path

    static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "witness-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func python(_ arguments: [String]) async throws -> (status: Bool, text: String) {
        let result = try await Subprocess.run(
            .name("python3"), arguments: Arguments(arguments), output: .string(limit: 10_000),
            error: .string(limit: 10_000))
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }

    @Test func aLedgerEntryIsProvedToAnIndependentVerifier() async throws {
        try await PatrolWorld.run { world in
            let closed = try await world.complete([1, 2], as: TestPersons.station)
            let path = "/patrol/api/v1/ledger/\(closed.ledgerNumber)"
            let early = try await world.client.get("\(path)/proof", as: TestPersons.station)
            #expect(early.status == .conflict && early.problemCode == "not_in_checkpoint_yet")
            try await world.sequence()
            let answer = try await world.client.get("\(path)/proof", as: TestPersons.station)
            let proof = try answer.json(LedgerProofView.self)
            #expect(try await world.client.get("\(path)/proof", as: TestPersons.otherCounty).status == .notFound)
            #expect(try await world.client.get("\(path)/proof", as: TestPersons.principal).status == .forbidden)

            let folder = try Self.scratch()
            func file(_ name: String, _ text: String) throws -> String {
                let url = folder.appending(path: name)
                try Data(text.utf8).write(to: url)
                return url.path
            }
            let entry = try file("entry.json", try await world.client.get(path, as: TestPersons.station).text)
            let vkey = PatrolWorld.signer.key.vkey
            let good = try await python([Self.tool, try file("proof.json", answer.text), vkey, entry])
            #expect(good.status && good.text.hasPrefix("intact: \(closed.ledgerNumber)"), "\(good.text)")
            // Every part that is changed is noticed.
            let other = String(repeating: "0", count: 64)
            for (name, text) in [
                ("path", answer.text.replacing(try #require(proof.proof.first), with: other)),
                ("number", answer.text.replacing(closed.ledgerNumber, with: "440703S01-2026-000099")),
                ("size", answer.text.replacing("\\n\(proof.treeSize)\\n", with: "\\n\(proof.treeSize + 1)\\n")),
            ] {
                #expect(text != answer.text, "\(name) was not changed")
                let bad = try await python([Self.tool, try file("\(name).json", text), vkey, entry])
                #expect(!bad.status && bad.text.hasPrefix("NOT INTACT"), "\(name) \(bad.text)")
            }
            let rewritten = try file("other.json", "{}")
            #expect(try await !python([Self.tool, try file("proof.json", answer.text), vkey, rewritten]).status)
            try FileManager.default.removeItem(at: folder)
        }
    }

    private struct Consistency: Decodable { var proof: [String] }

    private func note(_ world: PatrolWorld) async throws -> SignedNote {
        let answer = try await world.client.get("/patrol/api/v1/ledger/checkpoint")
        return try #require(SignedNote(parsing: answer.text))
    }

    private func hashes(_ world: PatrolWorld, _ from: UInt64, _ to: UInt64) async throws -> [MerkleHash] {
        let answer = try await world.client.get("/log/consistency?from=\(from)&to=\(to)")
        return try answer.json(Consistency.self).proof.compactMap { MerkleHash(hex: $0) }
    }

    /// Scenario 20, from the witness's side: growth is accepted, a rewritten and a shortened log are not.
    @Test func aWitnessAcceptsGrowthAndNamesEveryContradiction() async throws {
        try await PatrolWorld.run { world in
            let folder = try Self.scratch()
            let state = WitnessState(folder: folder, key: PatrolWorld.signer.key)
            let proof = { @Sendable (from: UInt64, to: UInt64) async throws -> [MerkleHash] in
                try await hashes(world, from, to)
            }
            _ = try await world.complete([1, 2], as: TestPersons.station)
            try await world.sequence()
            let first = try await note(world)
            #expect(try await state.check(first, consistency: proof))
            try state.keep(first)
            #expect(try await !state.check(first, consistency: proof), "known")
            _ = try await world.complete([1, 2], as: TestPersons.station)
            try await world.sequence()
            let second = try await note(world)
            #expect(try await state.check(second, consistency: proof))
            let size = try #require(Checkpoint(text: second.text)).size
            await #expect(throws: WitnessState.Fault.self) {
                try await state.check(second) { _, _ in Array(repeating: MerkleTree.emptyRoot, count: 3) }
            }
            try state.keep(second)
            await #expect(
                throws: WitnessState.Fault.truncated(seen: size, now: Checkpoint(text: first.text)?.size ?? 0)
            ) {
                try await state.check(first, consistency: proof)
            }
            let forged = try PatrolWorld.signer.sign(
                Checkpoint(origin: PatrolWorld.signer.origin, size: size, root: MerkleTree.emptyRoot))
            await #expect(throws: WitnessState.Fault.forked(size: size)) {
                try await state.check(forged, consistency: proof)
            }
            // What the witness keeps is what `verify --checkpoints` reads: a truncated log is named by it.
            let kept = try String(contentsOf: folder.appending(path: "checkpoints.txt"), encoding: .utf8)
            let verifier = JournalVerifier(
                service: "patrol-ledger", pool: world.client.pool, keys: [PatrolWorld.signer.key])
            #expect(try await verifier.verify(external: kept).isIntact)
            try await world.client.pool.transaction { transaction in
                try await transaction.execute("SET LOCAL session_replication_role = replica")
                let end = Int64(size) - 3
                try await transaction.execute(
                    "DELETE FROM journal WHERE position IN (SELECT position FROM journal_leaf WHERE index >= \(end))")
                try await transaction.execute("DELETE FROM journal_leaf WHERE index >= \(end)")
                try await transaction.execute("DELETE FROM journal_checkpoint WHERE size > \(end)")
            }
            let report = try await verifier.verify(external: kept)
            #expect(
                !report.isIntact && report.failures.contains { "\($0)".contains("truncated") }, "\(report.failures)")
            try FileManager.default.removeItem(at: folder)
        }
    }

    @Test func aKnownWitnessCosignsAndThePageSaysSo() async throws {
        let signing = Curve25519.Signing.PrivateKey()
        let key = try #require(
            WitnessKey(name: "education.example/witness", publicKey: [UInt8](signing.publicKey.rawRepresentation)))
        let folder = try Self.scratch()
        let keys = folder.appending(path: "keys")
        try Data("# 江门市教育局\n\(key.vkey)\n".utf8).write(to: keys)
        try await PatrolWorld.run(environment: ["WITNESS_KEYS": keys.path]) { world in
            let path = "/patrol/api/v1/ledger/cosignatures"
            _ = try await world.complete([1, 2], as: TestPersons.station)
            try await world.sequence()
            let silent = try await world.client.page("/patrol/ledger", as: TestPersons.station)
            #expect(silent.text.contains("education.example/witness") && silent.text.contains("尚未签署"))
            var note = try #require(
                SignedNote(parsing: try await world.client.get("/patrol/api/v1/ledger/checkpoint").text))
            let unsigned = try await world.client.post(path, json: Cosigned(note: note.serialized))
            #expect(unsigned.status == .forbidden && unsigned.problemCode == "unknown_witness")
            func line(_ text: String, by signer: Curve25519.Signing.PrivateKey) throws -> NoteSignature {
                NoteSignature(
                    name: key.name, keyId: key.keyId,
                    signature: try Cosignature(text, at: 1_795_395_600, by: signer).bytes)
            }
            var false1 = note
            false1.signatures.append(try line(note.text, by: Curve25519.Signing.PrivateKey()))
            #expect(try await world.client.post(path, json: Cosigned(note: false1.serialized)).status == .forbidden)
            let other = try PatrolWorld.signer.sign(
                Checkpoint(origin: PatrolWorld.signer.origin, size: 7, root: MerkleTree.emptyRoot))
            var foreign = other
            foreign.signatures.append(try line(other.text, by: signing))
            #expect(
                try await world.client.post(path, json: Cosigned(note: foreign.serialized)).problemCode
                    == "unknown_checkpoint")
            note.signatures.append(try line(note.text, by: signing))
            #expect(try await world.client.post(path, json: Cosigned(note: note.serialized)).status == .ok)
            let listed = try await world.client.get("/patrol/api/v1/ledger/witnesses", as: TestPersons.county)
                .json(Witnesses.self).witnesses
            #expect(listed.map(\.size) == [Checkpoint(text: note.text)?.size])
            let served = try await world.client.get("/patrol/api/v1/ledger/checkpoint").text
            #expect(try #require(SignedNote(parsing: served)).signatures.count == 2)
            #expect(key.cosignature(on: try #require(SignedNote(parsing: served))) != nil)
            let page = try await world.client.page("/patrol/ledger", as: TestPersons.station)
            #expect(!page.text.contains("尚未签署"))
        }
        try FileManager.default.removeItem(at: folder)
    }
}
