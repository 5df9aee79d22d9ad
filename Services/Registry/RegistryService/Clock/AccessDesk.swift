import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Carries out what a person decides about a canteen's connection, in one transaction with everything that follows.
struct AccessDesk: Sendable {
    let evaluator: AccessEvaluator

    struct Request: Sendable {
        let step: AccessStep
        /// Free text, screened.
        let reason: String?
        let specialReason: SpecialReason?
    }

    func perform(
        _ request: Request, on canteen: CanteenID, by person: PersonID, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> AccessRecord {
        let records = try await evaluator.evaluate(
            [canteen], context, now: now, by: person,
            decision: { record, clock in
                guard request.step.isPossible(record) else { throw Self.impossible(request.step, record) }
                return try Self.apply(request, &record, clock)
            }, transaction)
        guard let record = records.first else { throw Problem.notFound }
        try await AccessStore.remember(
            [
                (
                    canteen, "step",
                    ["step": request.step.rawValue, "reason": request.reason ?? request.specialReason?.rawValue ?? ""]
                )
            ], at: now, transaction)
        return record
    }

    private static func apply(
        _ request: Request, _ record: inout AccessRecord, _ clock: AccessClock
    ) throws -> [AccessClock.Change] {
        switch request.step {
        case .apply: return clock.move(&record, to: .applied, reason: nil)
        case .specialReason:
            record.specialReason = request.specialReason
            record.specialNote = request.reason
            return []
        case .confirm:
            guard record.isReady else { throw incomplete(record) }
            return clock.connect(&record)
        case .suspend: return clock.move(&record, to: .suspended, reason: request.reason)
        case .resume:
            return clock.move(&record, to: record.connectedAt == nil ? .building : .connected, reason: nil)
        case .disconnect: return clock.move(&record, to: .disconnected, reason: request.reason)
        case .notRequired: return clock.move(&record, to: .notRequired, reason: request.reason)
        case .required: return clock.move(&record, to: .planned, reason: nil)
        }
    }

    /// Names every part that is missing, so that a program sees the same list as the school.
    private static func incomplete(_ record: AccessRecord) -> Problem {
        var problem = Problem.conflict(
            code: "connection_incomplete", zh: "接入条件还没有全部具备，不能确认。",
            en: "The connection cannot be confirmed: parts of the rule are not met.")
        problem.faults = record.unmet.filter { $0 != UnmetPart.confirmation.code }.map {
            FieldFault(
                field: $0, code: "unmet", detail: LocalizedText(zh: "未具备：\($0)", en: "Not met: \($0)"))
        }
        return problem
    }

    private static func impossible(_ step: AccessStep, _ record: AccessRecord) -> Problem {
        .conflict(
            code: "access_state", zh: "当前状态（\(record.state.rawValue)）不能进行此操作。",
            en: "In the state \(record.state.rawValue) this step is not possible.")
    }
}
