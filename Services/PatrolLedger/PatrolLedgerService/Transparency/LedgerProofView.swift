/// The proof that a ledger entry is in the log, as JSON: everything an outsider needs but the log's key.
struct LedgerProofView: Codable, Hashable, Sendable {
    var ledgerNumber: String
    /// SHA-256 of the entry's bytes, lower-case hex; the leaf says the same.
    var contentHash: String
    var hashAlgorithm: String
    var leafIndex: UInt64
    var treeSize: UInt64
    /// Exact leaf, base64; leaf_hash = SHA-256(0x00 ‖ leaf).
    var leaf: String
    var leafHash: String
    var root: String
    /// RFC 6962 audit path, nearest sibling first, lower-case hex.
    var proof: [String]
    /// Signed tree head of `tree_size`, with the cosignatures of witnesses.
    var checkpoint: String
}
