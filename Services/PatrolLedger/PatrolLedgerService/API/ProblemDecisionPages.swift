import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The forms of a problem's page with which an organ changes or ends it.
struct ProblemDecisionPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let pages: ProblemPages

    func declare(_ routes: Routes) {
        routes.post("/problems/{problem}/decide", .action(.acceptRectification)) { request, context in
            try await decide(request, context)
        }
        routes.post("/problems/{problem}/confirm", .action(.submitRectification)) { request, context in
            try await pages.act(request, context) { desk, caller, _, id in
                try await desk.confirmRectification(id, by: caller)
            }
        }
    }

    private func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await pages.act(request, context) { desk, caller, form, id in
            let reason = form.optional("reason")
            switch form.optional("do") {
            case "severity":
                guard let severity = form.optional("severity").flatMap(Int.init) else {
                    throw Self.notAllowed("severity", "1, 2, 3")
                }
                try await desk.changeSeverity(id, to: severity, reason: reason, by: caller)
            case "extend":
                guard let day = form.optional("until").flatMap({ LocalDate(iso: $0) }) else {
                    throw Self.notAllowed("until", "YYYY-MM-DD")
                }
                try await desk.extendDeadline(id, to: day, reason: reason, by: caller)
            case "refer": try await desk.refer(id, reason: reason, by: caller)
            case "false_positive":
                try await desk.markFalsePositive(id, reason: reason, linked: try Self.target(form), by: caller)
            case "merge":
                guard let target = try Self.target(form) else { throw Self.notAllowed("problem_id", "id") }
                try await desk.merge(id, into: target, reason: reason, by: caller)
            case "withdraw": try await desk.withdraw(id, reason: reason, by: caller)
            default: throw Self.notAllowed("do", "severity, extend, refer, false_positive, merge, withdraw")
            }
        }
    }

    private static func target(_ form: FormData) throws -> ProblemID? {
        guard let text = form.optional("problem_id") else { return nil }
        guard WellFormed.isIdentifier(text) else { throw notAllowed("problem_id", "A–Z a–z 0–9 - _ .") }
        return ProblemID(rawValue: text)
    }

    private static func notAllowed(_ field: String, _ allowed: String) -> Problem {
        Problem.invalid(field, code: "not_allowed", zh: "请填写正确的值。", en: "Please give a valid value.", allowed: allowed)
    }
}
