import Foundation

/// Entries of a log with proofs, as handed out: whoever has the log's verifier key can check it without asking us.
///
/// JSON in snake_case; bytes are base64. `docs/ledger.md` says how to check it with other tools.
public struct LedgerExtract: Codable, Sendable {
    public struct Item: Codable, Sendable {
        public let index: UInt64
        /// The leaf's exact bytes.
        public let leaf: Data
        /// Audit path (RFC 6962 §2.1.1), nearest sibling first.
        public let proof: [Data]

        public init(index: UInt64, leaf: Data, proof: [Data]) {
            self.index = index
            self.leaf = leaf
            self.proof = proof
        }
    }

    /// Signed checkpoint (C2SP `tlog-checkpoint`) to whose root the proofs lead.
    public let checkpoint: String
    public let entries: [Item]
    /// Matching entries in all; `entries` is one page of them.
    public let total: Int
    public let page: Int
    public let perPage: Int
    /// Ids on this page that no checkpoint covers yet: ask again in some seconds.
    public let notYetSigned: [String]

    public init(
        checkpoint: String, entries: [Item], total: Int, page: Int, perPage: Int, notYetSigned: [String]
    ) {
        self.checkpoint = checkpoint
        self.entries = entries
        self.total = total
        self.page = page
        self.perPage = perPage
        self.notYetSigned = notYetSigned
    }

    /// What does not hold, one line each; empty = every entry is in the log that the key's owner signed.
    public func faults(key: NoteKey) -> [String] {
        guard let note = SignedNote(parsing: checkpoint), key.verifies(note) else {
            return ["the checkpoint is not signed with \(key.name)'s key"]
        }
        guard let head = Checkpoint(text: note.text), head.origin == key.name else {
            return ["the checkpoint is not one of \(key.name)"]
        }
        return entries.compactMap { item in
            let path = item.proof.compactMap { MerkleHash([UInt8]($0)) }
            let isIn =
                path.count == item.proof.count
                && MerkleTree.verifyInclusion(
                    of: MerkleTree.leafHash([UInt8](item.leaf)), index: item.index, size: head.size, proof: path,
                    root: head.root)
            return isIn ? nil : "entry \(item.index) is not in the tree of \(head.size) entries"
        }
    }
}

extension JournalLog {
    /// Proofs for the given entries to the root of the latest checkpoint; nil while there is none.
    public func extract(
        _ found: [LocatedEntry], total: Int, page: Int, perPage: Int
    ) async throws -> LedgerExtract? {
        guard let note = try await checkpoint(), let signed = SignedNote(parsing: note),
            let head = Checkpoint(text: signed.text)
        else { return nil }
        var items: [LedgerExtract.Item] = []
        var missing: [String] = []
        for located in found {
            guard let index = located.leafIndex, index < head.size,
                let proof = try await inclusionProof(of: EventID(rawValue: located.entry.id), treeSize: head.size)
            else {
                missing.append(located.entry.id)
                continue
            }
            items.append(
                LedgerExtract.Item(
                    index: index, leaf: Data(leafBytes(of: located.entry)), proof: proof.hashes.map { Data($0.bytes) }))
        }
        return LedgerExtract(
            checkpoint: note, entries: items, total: total, page: page, perPage: perPage, notYetSigned: missing)
    }
}
