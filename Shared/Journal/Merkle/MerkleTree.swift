import Crypto

/// RFC 6962 §2.1 hashing, and the checks that anybody can make with a root in hand (RFC 9162 §2.1.3.2, §2.1.4.2).
public enum MerkleTree {
    /// Root of the tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// SHA-256(0x00 ‖ entry).
    public static func leafHash(_ entry: [UInt8]) -> MerkleHash {
        var hasher = SHA256()
        withUnsafeBytes(of: UInt8(0)) { hasher.update(bufferPointer: $0) }
        entry.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return MerkleHash(hasher.finalize())
    }

    /// SHA-256(0x01 ‖ left ‖ right).
    public static func nodeHash(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hasher = SHA256()
        withUnsafeBytes(of: UInt8(1)) { hasher.update(bufferPointer: $0) }
        left.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        right.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return MerkleHash(hasher.finalize())
    }

    /// Root over leaf hashes that are all in memory.
    public static func root(of leaves: some Sequence<MerkleHash>) -> MerkleHash {
        var frontier = MerkleFrontier()
        for leaf in leaves { frontier.append(leaf) }
        return frontier.root
    }

    /// Hash over a run of sibling hashes whose count is a power of two: a complete subtree above them.
    static func completeSubtree(_ hashes: [MerkleHash]) -> MerkleHash {
        var level = hashes
        while level.count > 1 {
            level = stride(from: 0, to: level.count - 1, by: 2).map { nodeHash(level[$0], level[$0 + 1]) }
        }
        return level.first ?? emptyRoot
    }

    /// True when `proof` shows that `leaf` is entry number `index` of the tree with `size` entries and that root.
    public static func verifyInclusion(
        of leaf: MerkleHash, index: UInt64, size: UInt64, proof: [MerkleHash], root: MerkleHash
    ) -> Bool {
        guard index < size else { return false }
        var position = index
        var last = size - 1
        var hash = leaf
        for step in proof {
            if last == 0 { return false }
            if position & 1 == 1 || position == last {
                hash = nodeHash(step, hash)
                while position & 1 == 0 && position != 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, step)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// True when `proof` shows that the tree of `oldSize` entries is a prefix of the tree of `newSize` entries.
    public static func verifyConsistency(
        oldSize: UInt64, oldRoot: MerkleHash, newSize: UInt64, newRoot: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == emptyRoot }
        // A complete old tree is its own first node: the proof leaves it out.
        var steps = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard !steps.isEmpty else { return false }
        var position = oldSize - 1
        var last = newSize - 1
        while position & 1 == 1 {
            position >>= 1
            last >>= 1
        }
        var oldHash = steps.removeFirst()
        var newHash = oldHash
        for step in steps {
            if last == 0 { return false }
            if position & 1 == 1 || position == last {
                oldHash = nodeHash(step, oldHash)
                newHash = nodeHash(step, newHash)
                while position & 1 == 0 && position != 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                newHash = nodeHash(newHash, step)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot
    }
}
