/// A complete subtree: the 2^height leaves that start at leaf number index · 2^height.
struct MerkleSubtree: Hashable, Sendable {
    var height: Int
    var index: UInt64

    /// The complete subtrees of a run of leaves, left to right, by the split of RFC 6962 (largest power of two first).
    /// The run must start at a multiple of the largest power of two in it, as every run of a proof does.
    static func covering(_ leaves: Range<UInt64>) -> [MerkleSubtree] {
        var subtrees: [MerkleSubtree] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let height = UInt64.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
            subtrees.append(MerkleSubtree(height: height, index: start >> UInt64(height)))
            start += 1 << UInt64(height)
        }
        return subtrees
    }

    /// Root over complete subtrees as `covering` lists them.
    static func fold(_ hashes: [MerkleHash]) -> MerkleHash {
        guard var root = hashes.last else { return MerkleTree.emptyRoot }
        for hash in hashes.dropLast().reversed() { root = MerkleTree.nodeHash(hash, root) }
        return root
    }
}
