import Calendar
import Contracts
import Journal
import Postgres

extension PatrolDesk {
    /// What the others are told about the steps a problem took. `problem` is as it is after them, `before` as it was.
    func events(
        _ steps: [ProblemStep], _ problem: ProblemRecord, before: ProblemRecord, note: String?, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> [any Event] {
        let (id, canteen, school) = (problem.problemId, problem.canteenId, problem.schoolId)
        let round = try await transaction.rectifications(of: id).last
        var events: [any Event] = []
        for step in steps {
            switch step {
            case .acknowledged:
                events.append(
                    ProblemAcknowledged(problemId: id, canteenId: canteen, schoolId: school, acknowledgedAt: now))
            case .submitted:
                let shown = try await transaction.evidence(ofProblem: id).filter {
                    $0.purpose == "rectification" && $0.round == round?.round
                }
                events.append(
                    RectificationSubmitted(
                        problemId: id, canteenId: canteen, schoolId: school, cause: round?.cause ?? "",
                        measure: round?.measure ?? "", prevention: round?.prevention ?? "",
                        evidence: shown.map(\.evidence.reference), submittedAt: now))
            case .returned:
                events.append(
                    RectificationReturned(
                        problemId: id, canteenId: canteen, schoolId: school, reason: note ?? "", returnedAt: now))
            case .accepted:
                events.append(
                    RectificationAccepted(problemId: id, canteenId: canteen, schoolId: school, acceptedAt: now))
            case .closed:
                let outcome = problem.outcome ?? .rectified
                events.append(
                    ProblemClosed(
                        problemId: id, canteenId: canteen, schoolId: school, outcome: outcome,
                        measure: outcome == .rectified ? round?.measure : nil, closedAt: now,
                        linkedProblemId: problem.linkedProblemId, reason: problem.endReason))
            case .severityChanged:
                events.append(
                    ProblemSeverityChanged(
                        problemId: id, canteenId: canteen, schoolId: school, previousSeverity: before.severity,
                        severity: problem.severity, reason: note ?? "", acknowledgeBy: problem.acknowledgeBy,
                        rectifyBy: problem.rectifyBy, changedAt: now))
            case .extended:
                events.append(
                    ProblemDeadlineExtended(
                        problemId: id, canteenId: canteen, schoolId: school, previousRectifyBy: before.rectifyBy,
                        rectifyBy: problem.rectifyBy, reason: note ?? "", extendedAt: now))
            case .found, .notified, .rectifying, .overdue, .recurred, .referred, .falsePositive, .merged,
                .withdrawalRequested, .withdrawn, .integrityFailed:
                break
            }
        }
        return events
    }
}
