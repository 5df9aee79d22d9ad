/// One thing that is wrong with a journal, with the entry it was found at.
public struct VerificationFailure: Hashable, Sendable, Codable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The row does not hash to its leaf.
        case entryAltered = "entry_altered"
        /// The leaf's row is gone.
        case entryMissing = "entry_missing"
        /// A row that is neither in the tree nor waiting to get there.
        case entryOutsideTree = "entry_outside_tree"
        /// A leaf index without a leaf.
        case leafMissing = "leaf_missing"
        /// A row waits for the relay and is not in the journal.
        case pendingWithoutEntry = "pending_without_entry"
        /// A stream's sequence numbers have a gap, a repetition or another order than the tree.
        case sequenceBroken = "sequence_broken"
        /// The head of a stream is not the sequence of its last entry.
        case streamHeadWrong = "stream_head_wrong"
        /// A stored tile node is not the hash of what is below it.
        case nodeWrong = "node_wrong"
        /// A checkpoint's text cannot be read, or its signature is not by a known key.
        case checkpointForged = "checkpoint_forged"
        /// A checkpoint's root is not the root of the tree: something up to its size was changed.
        case rootMismatch = "root_mismatch"
        /// A checkpoint vouches for more entries than there are: the end was cut off.
        case truncated
    }

    public var kind: Kind
    /// Leaf index of the entry, or of the first entry of the run in question.
    public var index: UInt64?
    public var position: Int64?
    public var id: String?
    public var type: String?
    public var detail: String

    public init(
        _ kind: Kind, index: UInt64? = nil, position: Int64? = nil, id: String? = nil, type: String? = nil,
        detail: String
    ) {
        self.kind = kind
        self.index = index
        self.position = position
        self.id = id
        self.type = type
        self.detail = detail
    }

    public var description: String {
        let place = [
            index.map { "index \($0)" }, position.map { "position \($0)" }, id.map { "id \($0)" },
            type.map { "type \($0)" },
        ].compactMap { $0 }
        return place.isEmpty
            ? "\(kind.rawValue): \(detail)" : "\(kind.rawValue) at \(place.joined(separator: ", ")): \(detail)"
    }
}
