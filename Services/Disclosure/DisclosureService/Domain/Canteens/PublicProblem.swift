import Calendar
import Contracts

/// A problem in a kitchen and what became of it.
struct PublicProblem: Sendable {
    struct Rectification: Hashable, Sendable {
        let cause: String
        let measure: String
        let prevention: String
        let submittedAt: Instant
    }

    let problemId: ProblemID
    let origin: ProblemOrigin
    let zone: ZoneCode
    let itemCode: String
    let itemText: String
    /// 1 (most serious) … 3.
    let severity: Int
    let description: String
    let foundAt: Instant
    let rectifyBy: Instant
    let stage: ProblemStage
    let rectification: Rectification?
    let outcome: ProblemOutcome?
    let closedAt: Instant?
}
