/// The right edge of a growing tree: all that is needed to append leaves and to name the root, in O(log n) memory.
public struct MerkleFrontier: Sendable, Equatable {
    /// A hash that became final when a leaf was appended: the root of 256^level complete leaves.
    public struct Node: Hashable, Sendable {
        /// 1 = over 256 leaves, 2 = over 65,536 leaves, … : the levels of the C2SP tiles above the leaves.
        public var level: Int
        public var index: UInt64
        public var hash: MerkleHash
    }

    public private(set) var size: UInt64
    /// Roots of the complete subtrees, largest first: one for each 1 in the binary form of `size`.
    private var peaks: [MerkleHash]

    public init() {
        size = 0
        peaks = []
    }

    /// From stored subtree roots, in the order of `MerkleSubtree.covering(0..<size)`.
    init(size: UInt64, peaks: [MerkleHash]) {
        precondition(peaks.count == size.nonzeroBitCount)
        self.size = size
        self.peaks = peaks
    }

    /// Appends one leaf; gives the tile nodes that this leaf completed, lowest level first.
    @discardableResult
    public mutating func append(_ leaf: MerkleHash) -> [Node] {
        var completed: [Node] = []
        var hash = leaf
        var height = 0
        while (size >> UInt64(height)) & 1 == 1 {
            hash = MerkleTree.nodeHash(peaks.removeLast(), hash)
            height += 1
            if height % 8 == 0 {
                completed.append(Node(level: height / 8, index: size >> UInt64(height), hash: hash))
            }
        }
        peaks.append(hash)
        size += 1
        return completed
    }

    /// RFC 6962 root of all leaves so far.
    public var root: MerkleHash { MerkleSubtree.fold(peaks) }
}
