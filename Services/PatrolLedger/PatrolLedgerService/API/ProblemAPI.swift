import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Problems and the ledger over JSON, under `/patrol/api/v1`.
struct ProblemAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct ReturnBody: Codable, Sendable { var reason: String? }

    func declare(_ routes: Routes) {
        declareReading(routes)
        declareLedger(routes)
        routes.post("/problems/{problem}/acknowledge", .action(.submitRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.acknowledge(id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/problems/{problem}/start", .action(.submitRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.startRectification(id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/problems/{problem}/rectification", .action(.submitRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.json(request, context, RectificationEntry.self) { desk, caller, entry in
                try await desk.submitRectification(entry, id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/problems/{problem}/return", .action(.acceptRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.json(request, context, ReturnBody.self) { desk, caller, body in
                try await desk.returnRectification(id, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/problems/{problem}/accept", .action(.acceptRectification)) { request, context in
            let id: ProblemID = try context.id("problem")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.accept(id, by: caller)
                return Response.noContent()
            }
        }
    }

    private func declareReading(_ routes: Routes) {
        routes.get("/problems", .read(.seeProblem)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let selection = try Self.selection(request)
                let visible = try await desk.visibleProblems(try context.caller())
                let showsPatrol = context.may(.seePatrolPlan, intent: .read)
                let problems = try await desk.pool.problems(
                    visible: visible, selection, now: context.now, limit: page.size, offset: page.offset)
                let total = try await desk.pool.problemCount(visible: visible, selection, now: context.now)
                let views = problems.map {
                    ProblemView(
                        $0.problem, canteenName: $0.canteenName, schoolName: $0.schoolName, now: context.now,
                        showsPatrol: showsPatrol)
                }
                return try Response.json(PageOf(views, of: page, total: total))
            }
        }
        routes.get("/problems/{problem}", .read(.seeProblem)) { _, context in
            try await answering {
                let file = try await desk.problemFile(try context.id("problem"), for: try context.caller())
                return try Response.json(
                    ProblemView(file, now: context.now, showsPatrol: context.may(.seePatrolPlan, intent: .read)))
            }
        }
    }

    private func declareLedger(_ routes: Routes) {
        routes.get("/ledger", .read(.seeLedger)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let organs = try await desk.ledgerOrgans(try context.caller()).map(\.organId)
                let entries = try await desk.pool.ledger(of: organs, limit: page.size, offset: page.offset)
                let total = try await desk.pool.ledgerCount(of: organs)
                return try Response.json(PageOf(entries.map(LedgerView.init), of: page, total: total))
            }
        }
        // The exact bytes that were hashed.
        routes.get("/ledger/{number}", .read(.seeLedger)) { _, context in
            guard let number = context.parameters.get("number"), WellFormed.isIdentifier(number) else {
                throw Problem.notFound
            }
            let entry = try await answering { try await desk.ledgerEntry(number, for: try context.caller()).entry }
            var response = Response.bytes(
                entry.content, contentType: "application/json; charset=utf-8", cacheControl: "private, no-cache")
            response.headers[.eTag] = "\"\(entry.contentHash)\""
            return response
        }
    }

    static func selection(_ request: Request) throws -> ProblemSelection {
        guard let text = try request.query("show") else { return .open }
        guard let selection = ProblemSelection(rawValue: text) else {
            throw Problem.invalid(
                "show", code: "not_allowed", zh: "没有这种筛选。", en: "There is no such selection.",
                allowed: ProblemSelection.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return selection
    }
}
