import Contracts
import Journal
import Postgres

/// The registry's event about the canteen has not come yet: the handler is tried again.
struct CanteenNotKnown: Error {
    let canteenId: CanteenID
}

extension PatrolDesk {
    /// Writes and publishes the problem, once however often the event comes. It stands outside the checklist: `Z3-00`.
    func raise(
        _ feedback: FeedbackConfirmed, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        guard let canteen = try await transaction.canteen(feedback.canteenId) else {
            throw CanteenNotKnown(canteenId: feedback.canteenId)
        }
        let now = feedback.confirmedAt
        let deadlines = try ProblemDeadlines(
            severity: feedback.severity, notifiedAt: now, rules: rules, calendar: calendar)
        let event = ProblemFound(
            problemId: ProblemID(feedback.feedbackId.rawValue), canteenId: canteen.canteenId,
            schoolId: canteen.schoolId, origin: .parent, organId: feedback.organId,
            enforcementOrganId: canteen.enforcementOrganId, zone: feedback.zone,
            itemCode: "\(feedback.zone.rawValue)-00", itemText: "家长反馈经核实属实", severity: feedback.severity,
            description: feedback.description, evidence: [], foundAt: now, acknowledgeBy: deadlines.acknowledgeBy,
            rectifyBy: deadlines.rectifyBy)
        let inserted = try await transaction.execute(
            """
            INSERT INTO problem (problem_id, canteen_id, school_id, origin, organ_id, enforcement_organ_id, zone, item_code,
                item_text, severity, description, state, found_by, found_at, notified_at, acknowledge_by, rectify_by,
                deadline_provisional)
            VALUES (\(event.problemId), \(event.canteenId), \(event.schoolId), \(event.origin), \(event.organId),
                \(event.enforcementOrganId), \(event.zone), \(event.itemCode), \(event.itemText), \(event.severity),
                \(event.description), \(ProblemState.notified), \(feedback.confirmedBy), \(now), \(now),
                \(event.acknowledgeBy), \(event.rectifyBy), \(deadlines.isProvisional))
            ON CONFLICT (problem_id) DO NOTHING
            """)
        guard inserted == 1 else { return }
        let actor = "person:\(feedback.confirmedBy)"
        try await transaction.appendStep(.found, to: event.problemId, actor: actor, at: now)
        try await transaction.appendStep(.notified, to: event.problemId, actor: actor, at: now)
        try await transaction.publish(event, context, occurredAt: now)
    }
}
