import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import ServiceKit

/// The transparency log over JSON beside its tiles: proofs, checkpoints with cosignatures, witnesses.
struct TransparencyAPI: Sendable {
    let desk: PatrolDesk
    let book: WitnessBook

    private struct CosignBody: Codable, Sendable { var note: String }
    private struct Witnesses: Codable, Sendable { var witnesses: [WitnessBook.Entry] }

    func declare(_ routes: Routes) {
        routes.get("/ledger/{number}/proof", .read(.seeLedger)) { _, context in
            try await answering { try Response.json(try await proof(context)) }
        }
        routes.get("/ledger/witnesses", .read(.seeLedger)) { _, _ in
            try Response.json(Witnesses(witnesses: try await book.entries(desk.pool)))
        }
        routes.get("/ledger/checkpoint", .public, use: checkpoint)
        // The cosignature itself says who may: known witnesses only, on checkpoints of this very log only.
        routes.post(
            "/ledger/cosignatures", .public, options: RouteOptions(bodyLimit: 16_384, requiresCSRF: false)
        ) { request, context in
            let body = try await request.json(CosignBody.self, context)
            return try await answering { try Response.json(try await accept(body.note, context)) }
        }
    }

    /// Written out instead of `answering { … }`: with Swift 6.3 that closure frees task memory out of order here and ends
    /// the process ("freed pointer was not the last allocation").
    @Sendable private func checkpoint(_ request: Request, _ context: BrightContext) async throws -> Response {
        do {
            let tree = try await desk.vouchedTree()
            let note = tree.note
            let checkpoint = tree.checkpoint
            let text = try await desk.cosigned(note, size: checkpoint.size, book)
            return Response.bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8")
        } catch let refusal as Refusal {
            throw refusal.problem
        }
    }

    private func accept(_ note: String, _ context: BrightContext) async throws -> WitnessBook.Entry {
        try await desk.acceptCosignature(note, book, context: context.eventContext(actor: .system("witness")))
    }

    private func proof(_ context: BrightContext) async throws -> LedgerProofView {
        guard let number = context.parameters.get("number"), WellFormed.isIdentifier(number) else {
            throw Problem.notFound
        }
        let (entry, _) = try await desk.ledgerEntry(number, for: try context.caller())
        let tree = try await desk.vouchedTree()
        let note = tree.note
        let checkpoint = tree.checkpoint
        let leaf = try await desk.leaf(try await desk.pool.sealEntry(ofLedger: number), in: checkpoint)
        return LedgerProofView(
            ledgerNumber: number, contentHash: entry.contentHash, hashAlgorithm: EvidenceVault.algorithm,
            leafIndex: leaf.proof.leafIndex, treeSize: leaf.proof.treeSize,
            leaf: Data(leaf.bytes).base64EncodedString(), leafHash: leaf.proof.leafHash.hex, root: leaf.proof.root.hex,
            proof: leaf.proof.hashes.map(\.hex),
            checkpoint: try await desk.cosigned(note, size: checkpoint.size, book))
    }
}
