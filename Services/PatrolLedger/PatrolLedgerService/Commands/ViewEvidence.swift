import Access
import Contracts
import Foundation
import Journal
import Postgres

/// What the journal keeps of a look at evidence.
private struct EvidenceLook: Codable, Sendable {
    var evidenceId: EvidenceID
    var hash: String
    var thumbnail: Bool
}

extension PatrolDesk {
    /// The original or its thumbnail, for a regulator of the area or the school of a problem that rests on it. Every look
    /// at an original is journalled (log only) before the bytes leave.
    func readEvidence(
        _ id: EvidenceID, thumbnail: Bool, by caller: Caller
    ) async throws -> (bytes: Data, mediaType: String, hash: String) {
        let (evidence, _) = try await visibleEvidence(id, caller)
        guard evidence.disposedAt == nil || thumbnail else {
            throw Refusal(
                .gone, "evidence_disposed", zh: "保存期限届满，原件已按记录处置",
                en: "The original was disposed of after its retention; the record of it remains")
        }
        guard let hash = thumbnail ? evidence.thumbnailHash : evidence.hash else { throw Self.noEvidence }
        if !thumbnail {
            let look = EvidenceLook(evidenceId: id, hash: hash, thumbnail: thumbnail)
            let now = clock.now()
            try await inTransaction { transaction in
                _ = try await transaction.record(
                    "brightkitchen.patrol.evidence.viewed.v1", subject: id.rawValue, data: look, caller.context,
                    occurredAt: now)
                try await transaction.appendCustody(.viewed, id, actor: caller.context.actor.rawValue, at: now)
            }
        }
        let bytes = try await vault.bytes(hash)
        guard EvidenceVault.hexDigest(bytes) == hash else {
            throw Refusal.unavailable(
                "evidence_altered", zh: "证据文件与封存的摘要不一致，已停止提供", en: "The file does not match its sealed digest")
        }
        return (bytes, thumbnail ? "image/jpeg" : evidence.mediaType, hash)
    }

    func visibleEvidence(
        _ id: EvidenceID, _ caller: Caller
    ) async throws -> (evidence: EvidenceRecord, canteen: CanteenRecord) {
        guard let evidence = try await pool.evidence(id), let canteen = try await pool.canteen(evidence.canteenId),
            try await maySee(evidence, canteen, caller.principal)
        else { throw Self.noEvidence }
        return (evidence, canteen)
    }

    private func maySee(_ evidence: EvidenceRecord, _ canteen: CanteenRecord, _ principal: Principal) async throws
        -> Bool
    {
        let policy = AccessPolicy()
        switch principal.role {
        case .cityRegulator, .countyRegulator, .stationOfficer:
            // A photograph of a rectification and evidence of the area's canteens; accepting implies seeing.
            return policy.decide(principal, .acceptRectification, on: canteen.resource) == .allowed
        default:
            guard policy.decide(principal, .submitRectification, on: canteen.resource) == .allowed else { return false }
            if let problem = evidence.forProblemId { return try await isNotified(problem) }
            let known = try await pool.first(
                """
                SELECT 1 AS one FROM problem_evidence e JOIN problem p USING (problem_id)
                WHERE e.evidence_id = \(evidence.evidenceId) AND p.state <> 'found' LIMIT 1
                """
            ) { try $0["one"] as Int }
            return known != nil
        }
    }

    private func isNotified(_ problem: ProblemID) async throws -> Bool {
        guard let problem = try await pool.problem(problem) else { return false }
        return problem.state != .found
    }

    static let noEvidence = Refusal.notFound("没有这份证据", "There is no such evidence")
}
