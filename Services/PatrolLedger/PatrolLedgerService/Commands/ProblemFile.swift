import Contracts
import Postgres

/// A problem with all that belongs to it.
struct ProblemFile: Sendable {
    var problem: ProblemRecord
    var canteen: CanteenRecord
    var evidence: [(purpose: String, round: Int, evidence: EvidenceRecord)]
    var rounds: [RectificationRecord]
    var steps: [ProblemStepRecord]
    /// Photographs uploaded since the last round.
    var waiting: [EvidenceRecord]
    var warnings: [WarningRecord]
}

extension PatrolDesk {
    func problemFile(_ id: ProblemID, for caller: Caller) async throws -> ProblemFile {
        let (problem, canteen) = try await visibleProblem(id, caller, pool)
        return ProblemFile(
            problem: problem, canteen: canteen, evidence: try await pool.evidence(ofProblem: id),
            rounds: try await pool.rectifications(of: id), steps: try await pool.steps(of: id),
            waiting: try await pool.waitingPhotographs(of: id),
            warnings: try await pool.warnings(ofProblem: id))
    }
}
