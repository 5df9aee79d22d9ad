import Contracts
import Foundation
import Journal

/// An entry of the journal with its exact leaf bytes and the proof that it is in the tree of a checkpoint.
struct SealedLeaf: Sendable {
    var bytes: [UInt8]
    var proof: InclusionProof
}

extension PatrolDesk {
    /// The latest checkpoint and what reads from its tree.
    /// One await a statement, and no tuple: with Swift 6.3 an `await` inside a `guard` with further conditions frees task
    /// memory out of order here and ends the process ("freed pointer was not the last allocation").
    func vouchedTree() async throws -> VouchedTree {
        let note = try await log.checkpoint()
        guard let tree = note.flatMap(VouchedTree.init(note:)) else { throw Self.notVouchedYet }
        return tree
    }

    func leaf(_ id: EventID?, in checkpoint: Checkpoint) async throws -> SealedLeaf {
        guard let id else { throw Self.notVouchedYet }
        let located = try await log.entry(id)
        guard let located, let index = located.leafIndex, index < checkpoint.size else { throw Self.notVouchedYet }
        let proof = try await log.inclusionProof(of: id, treeSize: checkpoint.size)
        guard let proof else { throw Self.notVouchedYet }
        return SealedLeaf(
            bytes: located.entry.leafBytes(source: JournalEntry.source(service: PatrolLedgerService.description.name)),
            proof: proof)
    }

    static let notVouchedYet = Refusal.conflict(
        "not_in_checkpoint_yet", zh: "记录尚未被签名检查点覆盖，请几秒后再试",
        en: "No signed checkpoint covers the record yet: try again in a few seconds")
}
