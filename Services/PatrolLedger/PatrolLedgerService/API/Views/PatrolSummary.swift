import Calendar
import Contracts

/// A patrol in a list.
struct PatrolSummary: Codable, Sendable {
    var patrolId: PatrolID
    var organId: OrganID
    var state: PatrolState
    var basis: [PatrolBasis]
    var plannedAt: Instant
    var startedAt: Instant?
    var closedAt: Instant?
    var week: String?
    var counted: Int?
    var required: Int?
    var ledgerNumber: String?

    init(_ patrol: PatrolRecord) {
        patrolId = patrol.patrolId
        organId = patrol.organId
        state = patrol.state
        basis = patrol.basis
        plannedAt = patrol.plannedAt
        startedAt = patrol.startedAt
        closedAt = patrol.closedAt
        week = patrol.week
        counted = patrol.counted
        required = patrol.required
        ledgerNumber = patrol.ledgerNumber
    }
}
