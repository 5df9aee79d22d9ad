import Calendar
import Contracts

/// A problem in the JSON interface.
struct ProblemView: Codable, Hashable, Sendable {
    struct Round: Codable, Hashable, Sendable {
        var round: Int
        var cause: String?
        var measure: String
        var prevention: String
        var submittedAt: Instant
        var decision: String?
        var decidedAt: Instant?
        var reason: String?
    }

    struct Step: Codable, Hashable, Sendable {
        var step: ProblemStep
        var at: Instant
        var note: String?
    }

    var problemId: ProblemID
    var canteenId: CanteenID
    var schoolId: SchoolID
    var canteenName: String
    var schoolName: String
    var origin: ProblemOrigin
    var patrolId: PatrolID?
    var zone: ZoneCode
    var itemCode: String
    var itemText: String
    var severity: Int
    var description: String
    var state: ProblemState
    var overdue: Bool
    var foundAt: Instant
    var notifiedAt: Instant?
    var acknowledgeBy: Instant
    var rectifyBy: Instant
    var deadlineProvisional: Bool
    var acknowledgedAt: Instant?
    var closedAt: Instant?
    var outcome: ProblemOutcome?
    /// Why it ended without a rectification.
    var endReason: String?
    /// Problem it was merged into, or the other finding behind a false positive.
    var linkedProblemId: ProblemID?
    /// The same item of the same canteen, closed shortly before.
    var recurrenceOf: ProblemID?
    var reference: String?
    var extendedAt: Instant?
    var overdueAt: Instant?
    /// A first person asked to withdraw it; a second person has to confirm.
    var withdrawalPending: Bool
    /// Empty in lists.
    var evidence: [EvidenceView]
    var rectificationEvidence: [EvidenceView]
    var rectifications: [Round]
    var timeline: [Step]

    init(_ problem: ProblemRecord, canteenName: String, schoolName: String, now: Instant, showsPatrol: Bool) {
        problemId = problem.problemId
        canteenId = problem.canteenId
        schoolId = problem.schoolId
        self.canteenName = canteenName
        self.schoolName = schoolName
        origin = problem.origin
        patrolId = showsPatrol ? problem.patrolId : nil
        zone = problem.zone
        itemCode = problem.itemCode
        itemText = problem.itemText
        severity = problem.severity
        description = problem.description
        state = problem.state
        overdue = problem.isOverdue(at: now)
        foundAt = problem.foundAt
        notifiedAt = problem.notifiedAt
        acknowledgeBy = problem.acknowledgeBy
        rectifyBy = problem.rectifyBy
        deadlineProvisional = problem.deadlineProvisional
        acknowledgedAt = problem.acknowledgedAt
        closedAt = problem.closedAt
        outcome = problem.outcome
        endReason = problem.endReason
        linkedProblemId = problem.linkedProblemId
        recurrenceOf = problem.recurrenceOf
        reference = problem.reference
        extendedAt = problem.extendedAt
        overdueAt = problem.overdueAt
        withdrawalPending = problem.withdrawalBy != nil && problem.state.isOpen
        evidence = []
        rectificationEvidence = []
        rectifications = []
        timeline = []
    }

    init(_ file: ProblemFile, now: Instant, showsPatrol: Bool) {
        self.init(
            file.problem, canteenName: file.canteen.name, schoolName: file.canteen.schoolName, now: now,
            showsPatrol: showsPatrol)
        evidence = file.evidence.filter { $0.purpose == "finding" }.map { EvidenceView($0.evidence) }
        rectificationEvidence = file.evidence.filter { $0.purpose == "rectification" }.map { EvidenceView($0.evidence) }
        rectifications = file.rounds.map {
            Round(
                round: $0.round, cause: $0.cause, measure: $0.measure, prevention: $0.prevention,
                submittedAt: $0.submittedAt, decision: $0.decision, decidedAt: $0.decidedAt, reason: $0.reason)
        }
        timeline = file.steps.map { Step(step: $0.step, at: $0.at, note: $0.note) }
    }
}
