/// Proof that an entry is in the log, for anybody who holds the checkpoint of that size.
public struct InclusionProof: Hashable, Sendable {
    public var leafIndex: UInt64
    public var treeSize: UInt64
    public var leafHash: MerkleHash
    public var root: MerkleHash
    /// RFC 6962 audit path, nearest sibling first.
    public var hashes: [MerkleHash]

    public var isValid: Bool {
        MerkleTree.verifyInclusion(of: leafHash, index: leafIndex, size: treeSize, proof: hashes, root: root)
    }
}
