/// A question about the log that has no answer, or a stored log that contradicts itself.
public enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A tree size beyond the log, or sizes in the wrong order.
    case sizeOutOfRange(asked: UInt64, size: UInt64)
    /// Hashes that must be there are missing: the stored tree was damaged.
    case incompleteTree(level: Int, index: UInt64, found: Int, expected: Int)
    /// The last signed checkpoint is not a prefix of the stored tree. Nothing more is signed until a person has looked.
    case inconsistentCheckpoint(size: UInt64, signed: MerkleHash, stored: MerkleHash)
    case malformedCheckpoint(String)

    public var description: String {
        switch self {
        case .sizeOutOfRange(let asked, let size): "tree size \(asked) is out of range: the log has \(size) entries"
        case .incompleteTree(let level, let index, let found, let expected):
            "the stored tree is damaged: level \(level) from index \(index) has \(found) of \(expected) hashes"
        case .inconsistentCheckpoint(let size, let signed, let stored):
            "the stored tree of size \(size) has root \(stored), but root \(signed) was signed"
        case .malformedCheckpoint(let reason): "malformed checkpoint: \(reason)"
        }
    }
}
