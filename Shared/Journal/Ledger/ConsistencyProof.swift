/// Proof that an older state of the log is a prefix of a newer one: nothing was changed or taken out in between.
public struct ConsistencyProof: Hashable, Sendable {
    public var oldSize: UInt64
    public var newSize: UInt64
    public var oldRoot: MerkleHash
    public var newRoot: MerkleHash
    public var hashes: [MerkleHash]

    public var isValid: Bool {
        MerkleTree.verifyConsistency(
            oldSize: oldSize, oldRoot: oldRoot, newSize: newSize, newRoot: newRoot, proof: hashes)
    }
}
