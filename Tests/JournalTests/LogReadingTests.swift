import Contracts
import TestSupport
import Testing

@testable import Journal

/// Checkpoint, tiles and proofs as an outsider reads them.
@Suite struct LogReadingTests {
    @Test func outsiderRebuildsTheTreeFromTiles() async throws {
        try await JournalFixture.with { fixture in
            try await fixture.publish((0..<600).map { Stirred($0, key: "k\($0 % 7)") })
            try await fixture.sequenceAll()
            let log = JournalLog(service: "registry", database: fixture.pool)
            let text = try #require(try await log.checkpoint())
            let note = try #require(SignedNote(parsing: text))
            #expect(fixture.signer.key.verifies(note))
            let checkpoint = try #require(Checkpoint(text: note.text))
            #expect(checkpoint.size == 600)
            #expect(try await log.tile(path: "checkpoint") == Array(note.serialized.utf8))

            var leaves: [MerkleHash] = []
            for path in ["tile/0/000", "tile/0/001", "tile/0/002.p/88"] {
                let tile = try #require(try await log.tile(path: path))
                for start in stride(from: 0, to: tile.count, by: 32) {
                    leaves.append(try #require(MerkleHash(tile[start..<start + 32])))
                }
            }
            #expect(leaves.count == 600 && MerkleTree.root(of: leaves) == checkpoint.root)
            let upper = try #require(try await log.tile(path: "tile/1/000.p/2"))
            #expect(
                upper == (MerkleTree.root(of: leaves[0..<256]).bytes + MerkleTree.root(of: leaves[256..<512]).bytes))

            let bundle = try #require(try await log.tile(path: "tile/entries/002.p/88"))
            var offset = 0
            var index = 512
            while offset < bundle.count {
                let length = Int(bundle[offset]) << 8 | Int(bundle[offset + 1])
                let entry = Array(bundle[(offset + 2)..<(offset + 2 + length)])
                #expect(MerkleTree.leafHash(entry) == leaves[index])
                #expect(String(decoding: entry, as: UTF8.self).hasPrefix("brightkitchen-journal-entry/1\nid 36 "))
                offset += 2 + length
                index += 1
            }
            #expect(index == 600)

            // Beyond the checkpoint there is nothing, whatever is in the database.
            try await fixture.publish([Stirred(600)])
            for path in [
                "tile/0/002.p/89", "tile/0/002", "tile/0/003.p/1", "tile/1/000", "tile/1/001.p/1",
                "tile/2/000.p/1", "tile/7/000", "tile/63/x999/999", "tile/entries/003.p/1", "nonsense",
            ] {
                #expect(try await log.tile(path: path) == nil, "\(path)")
            }
        }
    }

    @Test func proofsHold() async throws {
        try await JournalFixture.with { fixture in
            var ids: [EventID] = []
            for size in [1, 255, 1, 120, 300] {
                ids += try await fixture.pool.transaction { transaction in
                    try await transaction.publish(
                        (0..<size).map { Stirred($0) }, JournalFixture.context, occurredAt: JournalFixture.now)
                }
                try await fixture.sequenceAll()
            }
            let log = JournalLog(service: "registry", database: fixture.pool)
            for (index, id) in ids.enumerated() where index % 37 == 0 || [0, 255, 256, 676].contains(index) {
                let proof = try #require(try await log.inclusionProof(of: id))
                #expect(proof.isValid && proof.leafIndex == UInt64(index) && proof.treeSize == 677)
                let early = try await log.inclusionProof(of: id, treeSize: 257)
                #expect(early?.isValid == (index < 257 ? true : nil))
            }
            for old in [0, 1, 256, 257, 377, 677] as [UInt64] {
                let proof = try await log.consistencyProof(from: old)
                #expect(proof.isValid && proof.newSize == 677, "from \(old)")
            }
            #expect(try await log.consistencyProof(from: 256, to: 377).isValid)
            await #expect(throws: LedgerError.self) { try await log.consistencyProof(from: 678) }
            await #expect(throws: LedgerError.self) { try await log.consistencyProof(from: 1, to: 1_000) }
            #expect(try await log.inclusionProof(of: .new()) == nil)
            let pending = try await fixture.pool.transaction { transaction in
                try await transaction.publish(Stirred(9), JournalFixture.context, occurredAt: JournalFixture.now)
            }
            #expect(try await log.inclusionProof(of: pending) == nil)
        }
    }
}
