import Access
import Calendar
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit

/// What the journal keeps of an export: nobody takes evidence out unseen (公共安全视频图像信息系统管理条例 art 16(2)).
private struct ExportNote: Codable, Sendable {
    var problemId: ProblemID
    var evidenceIds: [EvidenceID]
    var reason: String
    var archiveHash: String
}

extension PatrolDesk {
    /// The case of a problem as one archive: originals, custody, ledger entry, and proofs that anybody can check offline.
    /// - Parameter reason: required; recorded in the journal and in the custody record of every piece.
    func export(_ id: ProblemID, reason: String?, by caller: Caller) async throws -> [UInt8] {
        let file = try await problemFile(id, for: caller)
        switch AccessPolicy().decide(caller.principal, .playback, on: file.canteen.resource) {
        case .allowed: break
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noProblem
        }
        guard let reason, !reason.trimmingWhitespace.isEmpty else {
            throw Refusal.input(
                "reason_required", field: "reason", zh: "导出视频证据须说明用途（条例第十六条）",
                en: "An export of video evidence needs a reason")
        }
        try screenReason(reason)
        let now = clock.now()
        let archive = try await archive(file, reason: reason, caller, at: now).serialized()
        let ids = file.evidence.map(\.evidence.evidenceId)
        let note = ExportNote(
            problemId: id, evidenceIds: ids, reason: reason, archiveHash: EvidenceVault.hexDigest(archive))
        try await inTransaction { transaction in
            for piece in ids {
                try await transaction.appendCustody(
                    .exported, piece, actor: caller.context.actor.rawValue, at: now, note: reason)
            }
            try await transaction.record(
                "brightkitchen.patrol.evidence.exported.v1", subject: id.rawValue, data: note, caller.context,
                occurredAt: now)
        }
        return archive
    }

    private func archive(
        _ file: ProblemFile, reason: String, _ caller: Caller, at now: Instant
    ) async throws -> ZipArchive {
        let tree = try await vouchedTree()
        let note = tree.note
        let checkpoint = tree.checkpoint
        var zip = ZipArchive()
        var leaves: Set<UInt64> = []
        func add(_ leaf: SealedLeaf) -> ExportManifest.Leaf {
            let name = "leaves/\(leaf.proof.leafIndex).leaf"
            if leaves.insert(leaf.proof.leafIndex).inserted { zip.add(name, leaf.bytes) }
            return ExportManifest.Leaf(
                file: name, index: leaf.proof.leafIndex, proof: leaf.proof.hashes.map(\.hex))
        }
        var pieces: [ExportManifest.Piece] = []
        for (purpose, _, evidence) in file.evidence {
            var name: String?
            if evidence.disposedAt == nil {
                let bytes = [UInt8](try await vault.bytes(evidence.hash))
                guard EvidenceVault.hexDigest(bytes) == evidence.hash else {
                    throw Refusal.unavailable(
                        "evidence_altered", zh: "证据文件与封存的摘要不一致，已停止导出",
                        en: "A file does not match its sealed digest: nothing is exported")
                }
                name = "evidence/\(evidence.evidenceId).\(evidence.fileExtension)"
                zip.add(name ?? "", bytes)
            }
            let seal = add(try await leaf(try await pool.sealEntry(of: evidence), in: checkpoint))
            pieces.append(
                ExportManifest.Piece(
                    evidence, purpose: purpose, file: name, custody: try await pool.custody(of: evidence.evidenceId),
                    seal: seal))
        }
        var ledger: [ExportManifest.Ledger] = []
        // The ledger names the patrol: it is for those who may read it, not for the school.
        if let patrol = file.problem.patrolId,
            AccessPolicy().decide(caller.principal, .seeLedger, on: nil, intent: .read) == .allowed
        {
            for entry in try await pool.ledgerEntries(ofPatrol: patrol) {
                let name = "ledger/\(entry.number).json"
                zip.add(name, entry.content)
                let located = add(
                    try await leaf(try await pool.sealEntry(ofLedger: entry.number), in: checkpoint))
                ledger.append(
                    ExportManifest.Ledger(
                        ledgerNumber: entry.number, file: name, hash: entry.contentHash, entry: located))
            }
        }
        let manifest = ExportManifest(
            format: ExportManifest.format, exportedAt: now, exportedBy: caller.person, reason: reason,
            origin: checkpoint.origin, treeSize: checkpoint.size,
            problem: ProblemView(file, now: now, showsPatrol: !ledger.isEmpty), evidence: pieces, ledger: ledger)
        zip.add("manifest.json", try EventJSON.encode(manifest))
        zip.add("checkpoint", Array(note.utf8))
        zip.add("README.txt", Array(Self.exportReadme.utf8))
        return zip
    }

    private static let exportReadme = """
        证据包 / Evidence export (brightkitchen-evidence-export/1)

        manifest.json  清单：每份证据、台账及其摘要和证明 / what is in here, with digests and proofs
        evidence/      原件 / untouched originals
        leaves/        日志条目的确切字节 / exact journal entries that sealed them
        ledger/        巡查台账 / ledger entries
        checkpoint     签名检查点（C2SP tlog-checkpoint）/ signed tree head

        离线核验 / verify offline:  patrol-ledger verify-export FILE --key VKEY
        格式与算法见 docs/ledger.md / formats and algorithms: docs/ledger.md

        """
}

extension EvidenceRecord {
    fileprivate var fileExtension: String {
        switch mediaType {
        case "image/jpeg": "jpg"
        case "image/png": "png"
        case "video/mp4": "mp4"
        default: "bin"
        }
    }
}

extension ExportManifest.Piece {
    fileprivate init(
        _ evidence: EvidenceRecord, purpose: String, file: String?, custody: [CustodyRecord],
        seal: ExportManifest.Leaf
    ) {
        self.init(
            evidenceId: evidence.evidenceId, kind: evidence.kind, canteenId: evidence.canteenId,
            cameraId: evidence.cameraId, zone: evidence.zone, cameraTime: evidence.cameraTime,
            serverTime: evidence.serverTime, offsetMilliseconds: evidence.offsetMilliseconds, purpose: purpose,
            file: file, mediaType: evidence.mediaType, byteCount: evidence.byteCount,
            hashAlgorithm: EvidenceVault.algorithm, hash: evidence.hash, verdict: evidence.verdict,
            verdictReason: evidence.verdictReason, custody: custody, seal: seal)
    }
}
