import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// What an organ decides about a problem beside accepting it, and warnings: JSON under `/patrol/api/v1`.
struct ProblemDecisionAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct ReasonBody: Codable, Sendable { var reason: String? }
    private struct SeverityBody: Codable, Sendable {
        var severity: Int
        var reason: String?
    }
    private struct ExtensionBody: Codable, Sendable {
        var until: LocalDate
        var reason: String?
    }
    private struct LinkBody: Codable, Sendable {
        var problemId: ProblemID?
        var reason: String?
    }
    private struct MergeBody: Codable, Sendable {
        var problemId: ProblemID
        var reason: String?
    }
    private struct Created: Codable, Sendable { var problemId: ProblemID }

    func declare(_ routes: Routes) {
        routes.post("/problems", .action(.runPatrol)) { request, context in
            try await commands.json(request, context, ProblemReport.self) { desk, caller, report in
                try Response.json(Created(problemId: try await desk.report(report, by: caller)), status: .created)
            }
        }
        decision(routes, "severity", SeverityBody.self) { desk, caller, id, body in
            try await desk.changeSeverity(id, to: body.severity, reason: body.reason, by: caller)
        }
        decision(routes, "extension", ExtensionBody.self) { desk, caller, id, body in
            try await desk.extendDeadline(id, to: body.until, reason: body.reason, by: caller)
        }
        decision(routes, "referral", ReasonBody.self) { desk, caller, id, body in
            try await desk.refer(id, reason: body.reason, by: caller)
        }
        decision(routes, "false-positive", LinkBody.self) { desk, caller, id, body in
            try await desk.markFalsePositive(id, reason: body.reason, linked: body.problemId, by: caller)
        }
        decision(routes, "merge", MergeBody.self) { desk, caller, id, body in
            try await desk.merge(id, into: body.problemId, reason: body.reason, by: caller)
        }
        decision(routes, "withdrawal", ReasonBody.self) { desk, caller, id, body in
            try await desk.withdraw(id, reason: body.reason, by: caller)
        }
        routes.post("/problems/{problem}/confirm", .action(.submitRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.confirmRectification(id, by: caller)
                return Response.noContent()
            }
        }
        routes.get("/warnings", .read(.seeProblem)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let visible = try await desk.visibleProblems(try context.caller())
                let found = try await desk.pool.warnings(visible: visible, limit: page.size, offset: page.offset)
                let total = try await desk.pool.warningCount(visible: visible)
                return try Response.json(PageOf(found.map(\.warning), of: page, total: total))
            }
        }
        routes.post("/warnings/{warning}/lift", .action(.acceptRectification)) { request, context in
            let id: WarningID = try context.id("warning")
            return try await commands.json(request, context, ReasonBody.self) { desk, caller, body in
                try await desk.liftWarning(id, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
    }

    private func decision<Body: Codable & Sendable>(
        _ routes: Routes, _ name: String, _ type: Body.Type,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller, ProblemID, Body) async throws -> Void
    ) {
        routes.post("/problems/{problem}/\(name)", .action(.acceptRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.json(request, context, type) { desk, caller, body in
                try await command(desk, caller, id, body)
                return Response.noContent()
            }
        }
    }
}
