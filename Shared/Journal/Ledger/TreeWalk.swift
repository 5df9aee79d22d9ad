/// Goes through the leaves once, in order, and compares everything that can be compared on the way. Pure.
struct TreeWalk {
    struct NodePlace: Hashable, Sendable {
        var level: Int
        var index: UInt64
    }

    struct StreamName: Hashable, Sendable {
        var topic: String
        var partitionKey: String
    }

    /// By ascending size.
    private let claims: [CheckpointClaim]
    private var nextClaim = 0
    /// Size of the largest claim that held, apart for those from outside: a log that was written anew may come with
    /// checkpoints of its own, and they say nothing about where the rewriting began.
    private var vouchedInside: UInt64 = 0
    private var vouchedOutside: UInt64 = 0
    private var nodes: [NodePlace: MerkleHash]
    private var frontier = MerkleFrontier()
    /// False once a leaf was missing: the roots from there on cannot be computed.
    private var isComplete = true
    private var nextIndex: UInt64 = 0
    private var heads: [StreamName: Int64] = [:]

    init(claims: [CheckpointClaim], nodes: [NodePlace: MerkleHash]) {
        self.claims = claims
        self.nodes = nodes
    }

    mutating func take(_ leaf: RecomputedLeaf, _ report: inout VerificationReport) {
        skip(to: leaf.index, &report)
        nextIndex = leaf.index + 1
        report.entries += 1
        compareRow(leaf, &report)
        guard isComplete else { return }
        if leaf.index == 0 { checkClaims(&report) }
        for node in frontier.append(leaf.stored) {
            let place = NodePlace(level: node.level, index: node.index)
            if nodes.removeValue(forKey: place) != node.hash {
                let first = node.index << UInt64(8 * node.level)
                report.add(
                    VerificationFailure(
                        .nodeWrong, index: first,
                        detail: "stored node \(node.level)/\(node.index) over entries \(first)…\(leaf.index) is wrong"))
            }
        }
        checkClaims(&report)
    }

    /// Leaves before `index` that did not come are missing.
    mutating func skip(to index: UInt64, _ report: inout VerificationReport) {
        guard nextIndex < index else { return }
        isComplete = false
        for missing in nextIndex..<index {
            report.add(VerificationFailure(.leafMissing, index: missing, detail: "the leaf is gone"))
        }
        nextIndex = index
    }

    private mutating func compareRow(_ leaf: RecomputedLeaf, _ report: inout VerificationReport) {
        guard let computed = leaf.computed else {
            report.add(
                VerificationFailure(
                    .entryMissing, index: leaf.index, position: leaf.position,
                    detail: "the entry of this leaf was deleted"))
            return
        }
        if computed != leaf.stored {
            report.add(
                VerificationFailure(
                    .entryAltered, index: leaf.index, position: leaf.position, id: leaf.id, type: leaf.type,
                    detail: "the row hashes to \(computed), the leaf is \(leaf.stored)"))
        }
        guard let stream = leaf.stream else { return }
        let name = StreamName(topic: stream.topic, partitionKey: stream.partitionKey)
        let expected = heads[name, default: 0] + 1
        if stream.sequence != expected {
            report.add(
                VerificationFailure(
                    .sequenceBroken, index: leaf.index, position: leaf.position, id: leaf.id, type: leaf.type,
                    detail: "stream \(name.topic)/\(name.partitionKey) goes on with \(stream.sequence), "
                        + "not \(expected)"))
        }
        heads[name] = stream.sequence
    }

    private mutating func checkClaims(_ report: inout VerificationReport) {
        guard nextClaim < claims.count, claims[nextClaim].checkpoint.size <= frontier.size else { return }
        let root = frontier.root
        while nextClaim < claims.count, claims[nextClaim].checkpoint.size <= frontier.size {
            let claim = claims[nextClaim]
            nextClaim += 1
            let expected = claim.checkpoint.size == 0 ? MerkleTree.emptyRoot : root
            if claim.checkpoint.root == expected {
                if claim.isExternal {
                    vouchedOutside = claim.checkpoint.size
                } else {
                    vouchedInside = claim.checkpoint.size
                }
            } else {
                let start = vouched(for: claim)
                let end = max(start, claim.checkpoint.size &- 1)
                report.add(
                    VerificationFailure(
                        .rootMismatch, index: start,
                        detail: "\(claim.name): an entry of \(start)…\(end) is not the one that was signed"))
            }
        }
    }

    private func vouched(for claim: CheckpointClaim) -> UInt64 {
        claim.isExternal ? vouchedOutside : vouchedInside
    }

    mutating func finish(size: UInt64, _ report: inout VerificationReport) {
        skip(to: size, &report)
        if size == 0 { checkClaims(&report) }
        report.root = isComplete ? frontier.root.hex : "unknown"
        report.vouchedSize = max(vouchedInside, vouchedOutside)
        for claim in claims[nextClaim...] {
            if claim.checkpoint.size > size {
                report.add(
                    VerificationFailure(
                        .truncated, index: size,
                        detail: "\(claim.name) vouches for \(claim.checkpoint.size) entries, there are \(size)"))
            } else {
                report.add(
                    VerificationFailure(
                        .rootMismatch, index: vouched(for: claim),
                        detail: "\(claim.name) of size \(claim.checkpoint.size) cannot be checked: leaves are missing"))
            }
        }
        // While leaves are missing, nodes above them cannot be recomputed.
        guard isComplete else { return }
        for place in nodes.keys {
            report.add(
                VerificationFailure(
                    .nodeWrong, index: place.index << UInt64(8 * place.level),
                    detail: "stored node \(place.level)/\(place.index) has no entries below it"))
        }
    }

    /// Heads of streams against the last sequence, which may be of an entry that is not in the tree yet.
    mutating func compareHeads(_ tail: JournalTail, _ report: inout VerificationReport) {
        for entry in tail.newEntries {
            let name = StreamName(topic: entry.topic, partitionKey: entry.partitionKey)
            heads[name] = max(heads[name, default: 0], entry.sequence)
        }
        var remaining = heads
        for head in tail.heads {
            let name = StreamName(topic: head.topic, partitionKey: head.partitionKey)
            let last = remaining.removeValue(forKey: name) ?? 0
            if last != head.sequence {
                report.add(
                    VerificationFailure(
                        .streamHeadWrong,
                        detail: "stream \(head.topic)/\(head.partitionKey) stands at \(head.sequence), "
                            + "its last entry is \(last)"))
            }
        }
        for (name, last) in remaining {
            report.add(
                VerificationFailure(
                    .streamHeadWrong,
                    detail: "stream \(name.topic)/\(name.partitionKey) has no head, its last entry is \(last)"))
        }
    }
}
