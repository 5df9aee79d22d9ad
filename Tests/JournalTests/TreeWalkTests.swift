import Calendar
import Crypto
import Testing

@testable import Journal

/// 12,000 seeded mutations of a small log in memory: flips, deletions, exchanges, insertions, truncations, rewrites,
/// forks.
@Suite struct TreeWalkTests {
    /// Everything a database holds of a log, and what others hold.
    struct Log {
        var rows: [Int64: JournalEntry] = [:]
        var leaves: [UInt64: (position: Int64, hash: MerkleHash)] = [:]
        var nodes: [TreeWalk.NodePlace: MerkleHash] = [:]
        var claims: [CheckpointClaim] = []
        var heads: [JournalTail.StreamPoint] = []

        static let source = "urn:brightkitchen:registry"

        init(count: Int) {
            var frontier = MerkleFrontier()
            var sequences: [String: Int64] = [:]
            for index in 0..<count {
                let key = "k\(index % 3)"
                sequences[key, default: 0] += 1
                let position = Int64(index * 2 + 5)
                let entry = JournalEntry(
                    position: position, id: "id-\(index)", type: "t", subject: "s\(index)", actor: "person:p",
                    occurredAt: Instant(microseconds: Int64(index)), correlationId: "c",
                    stream: index % 5 == 4
                        ? nil : JournalEntry.Stream(topic: "t", partitionKey: key, sequence: sequences[key] ?? 0),
                    data: Array("data \(index)".utf8))
                if index % 5 == 4 { sequences[key, default: 0] -= 1 }
                rows[position] = entry
                let hash = entry.leafHash(source: Self.source)
                leaves[UInt64(index)] = (position, hash)
                for node in frontier.append(hash) {
                    nodes[TreeWalk.NodePlace(level: node.level, index: node.index)] = node.hash
                }
                if index % 7 == 6 || index + 1 == count { addClaim(frontier) }
            }
            heads = sequences.map { JournalTail.StreamPoint(topic: "t", partitionKey: $0.key, sequence: $0.value) }
        }

        private mutating func addClaim(_ frontier: MerkleFrontier) {
            let checkpoint = Checkpoint(origin: "o", size: frontier.size, root: frontier.root)
            claims.append(
                CheckpointClaim(name: "checkpoint \(frontier.size)", checkpoint: checkpoint, isExternal: false))
        }

        func verify() -> VerificationReport {
            var report = VerificationReport()
            var walk = TreeWalk(claims: claims, nodes: nodes)
            let size = (leaves.keys.max() ?? 0) + (leaves.isEmpty ? 0 : 1)
            for index in leaves.keys.sorted() {
                guard let leaf = leaves[index] else { continue }
                let entry = rows[leaf.position]
                walk.take(
                    RecomputedLeaf(
                        index: index, position: leaf.position, stored: leaf.hash,
                        computed: entry?.leafHash(source: Self.source), id: entry?.id, type: entry?.type,
                        stream: entry?.stream), &report)
            }
            walk.finish(size: size, &report)
            let known = Set(leaves.values.map(\.position))
            for stray in rows.keys where !known.contains(stray) {
                report.add(VerificationFailure(.entryOutsideTree, position: stray, detail: ""))
            }
            walk.compareHeads(
                JournalTail(unsequenced: 0, outsideTree: [], pendingWithoutEntry: [], newEntries: [], heads: heads),
                &report)
            return report
        }
    }

    @Test func intact() {
        let report = Log(count: 40).verify()
        #expect(report.isIntact, "\(report.failures)")
        #expect(report.vouchedSize == 40)
        #expect(Log(count: 0).verify().isIntact)
        #expect(Log(count: 600).verify().isIntact)
    }

    @Test(arguments: 0..<12) func everyMutationIsFound(part: Int) {
        var random = SeededRandom(UInt64(part) + 77)
        let original = Log(count: 40)
        var missed: [String] = []
        for round in 0..<1_000 {
            var log = original
            let index = UInt64.random(in: 0..<40, using: &random)
            let other = (index + UInt64.random(in: 1..<40, using: &random)) % 40
            guard let leaf = original.leaves[index], let otherLeaf = original.leaves[other],
                let row = original.rows[leaf.position], let otherRow = original.rows[otherLeaf.position]
            else { continue }
            let kind = Int.random(in: 0..<13, using: &random)
            // Where the entry itself can be named, it must be.
            var named = true
            switch kind {
            case 0:
                let byte = Int.random(in: 0..<row.data.count, using: &random)
                log.rows[leaf.position]?.data[byte] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: log.rows[leaf.position]?.actor = "person:q"
            case 2: log.rows[leaf.position]?.subject += " "
            case 3: log.rows[leaf.position] = nil
            case 4:
                log.rows[leaf.position] = nil
                log.leaves[index] = nil
                // The last one: nothing is missing before it, so the checkpoint tells.
                named = index < 39
            case 5:
                log.rows[leaf.position] = otherRow
                log.rows[otherLeaf.position] = row
            case 6:
                log.leaves[index] = otherLeaf
                log.leaves[other] = leaf
                named = false
            case 7:
                var bytes = leaf.hash.bytes
                bytes[Int.random(in: 0..<32, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                log.leaves[index] = MerkleHash(bytes).map { (leaf.position, $0) }
            case 8:
                log.rows[9_999] = row
                named = false
            case 9:
                // Row and leaf agree; only a signature can tell.
                log.rows[leaf.position]?.actor = "person:forged"
                if let forged = log.rows[leaf.position] {
                    log.leaves[index] = (leaf.position, forged.leafHash(source: Log.source))
                }
                named = false
            case 10:
                for cut in index..<40 {
                    if let gone = log.leaves.removeValue(forKey: cut) { log.rows[gone.position] = nil }
                }
                named = false
            case 11:
                // A fork: the log as it would have been had another entry come at this place.
                var forked = Log(count: 40)
                var frontier = MerkleFrontier()
                forked.rows[leaf.position]?.correlationId = "forked"
                for place in 0..<40 as Range<UInt64> {
                    guard let old = forked.leaves[place], let entry = forked.rows[old.position] else { continue }
                    forked.leaves[place] = (old.position, entry.leafHash(source: Log.source))
                    _ = frontier.append(entry.leafHash(source: Log.source))
                }
                forked.claims = original.claims
                log = forked
                named = false
            default:
                let claim = Int.random(in: 0..<log.claims.count, using: &random)
                log.claims[claim].checkpoint.root = leaf.hash
                named = false
            }
            let failures = log.verify().failures
            let isFound = named ? failures.contains { $0.index == index } : !failures.isEmpty
            if !isFound { missed.append("round \(round): kind \(kind) at \(index): \(failures)") }
        }
        #expect(missed.isEmpty, "\(missed.prefix(5))")
    }

    /// The run that a forged pair of row and leaf lies in is bounded by the checkpoints around it.
    @Test func namesTheRunBetweenTwoCheckpoints() {
        var log = Log(count: 40)
        guard let leaf = log.leaves[16] else {
            Issue.record("no leaf")
            return
        }
        log.rows[leaf.position]?.actor = "person:forged"
        if let forged = log.rows[leaf.position] {
            log.leaves[16] = (leaf.position, forged.leafHash(source: Log.source))
        }
        let mismatches = log.verify().failures.filter { $0.kind == .rootMismatch }
        #expect(mismatches.first?.index == 14)
        #expect(mismatches.first?.detail.contains("14…20") == true)
    }
}
