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
    func vouchedTree() async throws -> (note: String, checkpoint: Checkpoint) {
        guard let note = try await log.checkpoint(), let signed = SignedNote(parsing: note),
            let checkpoint = Checkpoint(text: signed.text)
        else { throw Self.notVouchedYet }
        return (note, checkpoint)
    }

    func leaf(_ id: EventID?, in checkpoint: Checkpoint) async throws -> SealedLeaf {
        guard let id, let found = try await log.entry(id), let index = found.leafIndex, index < checkpoint.size,
            let proof = try await log.inclusionProof(of: id, treeSize: checkpoint.size)
        else { throw Self.notVouchedYet }
        return SealedLeaf(
            bytes: found.entry.leafBytes(source: JournalEntry.source(service: PatrolLedgerService.description.name)),
            proof: proof)
    }

    static let notVouchedYet = Refusal.conflict(
        "not_in_checkpoint_yet", zh: "记录尚未被签名检查点覆盖，请几秒后再试",
        en: "No signed checkpoint covers the record yet: try again in a few seconds")
}
