import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Alerts of AI and sensors over JSON, under `/patrol/api/v1`.
struct AlertAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct DecisionAnswer: Codable, Sendable { var problemId: ProblemID? }

    func declare(_ routes: Routes) {
        routes.get("/alerts", .read(.seeProblem)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let selection = try Self.selection(request)
                let visible = try await desk.visibleAlerts(try context.caller())
                let found = try await desk.pool.alerts(
                    visible: visible, selection, limit: page.size, offset: page.offset)
                let total = try await desk.pool.alertCount(visible: visible, selection)
                return try Response.json(PageOf(found.map(AlertView.init), of: page, total: total))
            }
        }
        routes.get("/alerts/codes", .signedIn) { _, _ in try Response.json(desk.alertCodes) }
        routes.get("/alerts/statistics", .read(.seeLedger)) { request, context in
            try await answering {
                let visible = try await desk.visibleAlerts(try context.caller())
                return try Response.json(
                    try await AlertStatistics.read(
                        since: try Self.since(request, context), visible: visible, desk.pool))
            }
        }
        routes.get("/alerts/{alert}", .read(.seeProblem)) { _, context in
            try await answering {
                let id: AlertID = try context.id("alert")
                let caller = try context.caller()
                var view = AlertView(try await desk.readAlert(id, for: caller))
                view.evidence = try await desk.pictures(of: id, for: caller).map(\.reference)
                return try Response.json(view)
            }
        }
        routes.post("/alerts/{alert}/decision", .action(.runPatrol)) { request, context in
            let id: AlertID = try context.id("alert")
            return try await commands.json(request, context, AlertDecision.self) { desk, caller, decision in
                try Response.json(DecisionAnswer(problemId: try await desk.decide(id, decision, by: caller)))
            }
        }
    }

    static func selection(_ request: Request) throws -> AlertSelection {
        guard let text = try request.query("show") else { return .waiting }
        guard let selection = AlertSelection(rawValue: text) else {
            throw Problem.invalid(
                "show", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: AlertSelection.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return selection
    }

    /// `since=YYYY-MM-DD`; without it the last 90 days.
    static func since(_ request: Request, _ context: BrightContext) throws -> LocalDate {
        guard let text = try request.query("since") else { return LocalDate(context.now).adding(days: -90) }
        guard let day = LocalDate(iso: text), day <= LocalDate(context.now) else {
            throw Problem.invalid(
                "since", code: "not_a_past_day", zh: "请填写今天或以前的日期。", en: "Give today or an earlier day.",
                allowed: "YYYY-MM-DD")
        }
        return day
    }
}
