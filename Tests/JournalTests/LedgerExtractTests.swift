import Foundation
import TestSupport
import Testing

@testable import Journal

/// What an auditor hands out can be checked by whoever holds the verifier key, and by nobody else changed.
@Suite struct LedgerExtractTests {
    @Test func everyEntryIsProvedToTheSignedRootAndNothingElseIs() async throws {
        try await JournalFixture.with { fixture in
            try await VerifierTests.fill(fixture)
            let search = JournalSearch(database: fixture.pool)
            let filter = JournalFilter(typePrefix: "brightkitchen.registry.login.")
            #expect(try await search.count(filter) == 20)
            let found = try await search.entries(filter, limit: 15, offset: 0)
            #expect(found.count == 15 && found[0].entry.position > found[1].entry.position, "newest first")
            let log = JournalLog(service: JournalFixture.service, database: fixture.pool)
            let extract = try #require(try await log.extract(found, total: 20, page: 1, perPage: 15))
            #expect(extract.entries.count == 15 && extract.notYetSigned.isEmpty)
            #expect(extract.faults(key: fixture.signer.key) == [])

            let waiting = try await search.entries(JournalFilter(), limit: 7, offset: 0)
            let partly = try #require(try await log.extract(waiting, total: 605, page: 1, perPage: 7))
            #expect(partly.entries.count == 2 && partly.notYetSigned.count == 5, "said, not left out in silence")

            for change in Self.changes {
                let changed = change(extract)
                #expect(!changed.faults(key: fixture.signer.key).isEmpty)
            }
            let stranger = try CheckpointSigner(origin: "brightkitchen.example/registry", privateKey: .init())
            #expect(extract.faults(key: stranger.key).count == 1)
        }
    }

    private static let changes: [@Sendable (LedgerExtract) -> LedgerExtract] = [
        { $0.replacing { LedgerExtract.Item(index: $0.index, leaf: $0.leaf + [0], proof: $0.proof) } },
        { $0.replacing { LedgerExtract.Item(index: $0.index + 1, leaf: $0.leaf, proof: $0.proof) } },
        { $0.replacing { LedgerExtract.Item(index: $0.index, leaf: $0.leaf, proof: $0.proof.dropLast()) } },
        { $0.replacing { LedgerExtract.Item(index: $0.index, leaf: $0.leaf, proof: $0.proof.reversed()) } },
        { $0.replacing(checkpoint: $0.checkpoint.replacing("600", with: "601")) },
    ]
}

extension LedgerExtract {
    fileprivate func replacing(
        checkpoint: String? = nil, _ change: (Item) -> Item = { $0 }
    ) -> LedgerExtract {
        LedgerExtract(
            checkpoint: checkpoint ?? self.checkpoint, entries: entries.map(change), total: total, page: page,
            perPage: perPage, notYetSigned: notYetSigned)
    }
}
