import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Self-checks over JSON, under `/patrol/api/v1`.
struct SelfCheckAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct ReviewBody: Codable, Sendable { var note: String? }

    static let one = "/self-checks/{canteen}/{period}/{day}"

    func declare(_ routes: Routes) {
        routes.get("/self-checks", .read(.seeRegister)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let selection = try Self.selection(request, today: LocalDate(context.now))
                let visible = try await desk.visibleCanteens(try context.caller(), .seeRegister)
                let checks = try await desk.pool.selfChecks(
                    visible: visible, selection, limit: page.size, offset: page.offset)
                let total = try await desk.pool.selfCheckCount(visible: visible, selection)
                return try Response.json(PageOf(checks.map(SelfCheckView.init), of: page, total: total))
            }
        }
        routes.get("/self-check-completion", .read(.seeRegister)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let selection = try Self.selection(request, today: LocalDate(context.now))
                let visible = try await desk.visibleCanteens(try context.caller(), .seeRegister)
                let rows = try await desk.pool.selfCheckCompletion(
                    visible: visible, from: selection.from, to: selection.to, limit: page.size, offset: page.offset)
                let total = try await desk.pool.canteenCount(visible: visible)
                return try Response.json(PageOf(rows.map(SelfCheckCompletionView.init), of: page, total: total))
            }
        }
        routes.get(Self.one, .read(.seeRegister)) { _, context in
            try await answering {
                let key = try Self.key(context)
                return try Response.json(try await desk.selfCheckFile(key, for: try context.caller()))
            }
        }
        routes.put(Self.one, .action(.draftSchoolItems)) { request, context in
            let key = try Self.key(context)
            return try await commands.json(request, context, SelfCheckEntry.self) { desk, caller, entry in
                try await desk.saveSelfCheckDraft(entry, key, by: caller)
                return Response.noContent()
            }
        }
        routes.post(Self.one, .action(.publishSchoolItems)) { request, context in
            let key = try Self.key(context)
            return try await commands.json(request, context, SelfCheckEntry.self) { desk, caller, entry in
                try Response.json(try await desk.submitSelfCheck(entry, key, by: caller), status: .created)
            }
        }
        routes.post("\(Self.one)/review", .action(.acceptRectification)) { request, context in
            let key = try Self.key(context)
            return try await commands.json(request, context, ReviewBody.self) { desk, caller, body in
                try await desk.reviewSelfCheck(key, note: body.note, by: caller)
                return Response.noContent()
            }
        }
    }

    /// Canteen, rhythm and first day of the path; 404 for a day that begins no such period.
    static func key(_ context: BrightContext) throws -> SelfCheckKey {
        guard let period = SelfCheckPeriod(rawValue: context.parameters.get("period") ?? ""),
            let day = LocalDate(iso: context.parameters.get("day") ?? ""),
            let span = SelfCheckSpan(period, beginning: day)
        else { throw Problem.notFound }
        return SelfCheckKey(canteenId: try context.id("canteen"), span: span)
    }

    /// `state`, `period`, `canteen`, `from`, `to`; without days the last four weeks and this one.
    static func selection(_ request: Request, today: LocalDate) throws -> SelfCheckSelection {
        var selection = SelfCheckSelection(
            from: Week(containing: today).monday.adding(days: -28), to: Week(containing: today).sunday)
        if let text = try request.query("state") {
            guard let state = SelfCheckState(rawValue: text) else {
                throw notAllowed("state", SelfCheckState.allCases.map(\.rawValue))
            }
            selection.state = state
        }
        if let text = try request.query("period") {
            guard let period = SelfCheckPeriod(rawValue: text) else {
                throw notAllowed("period", SelfCheckPeriod.allCases.map(\.rawValue))
            }
            selection.period = period
        }
        if let text = try request.query("canteen") {
            guard WellFormed.isIdentifier(text) else { throw notAllowed("canteen", ["id"]) }
            selection.canteen = CanteenID(rawValue: text)
        }
        if let day = try day("from", request) { selection.from = day }
        if let day = try day("to", request) { selection.to = day }
        guard selection.from <= selection.to, selection.to.daysSinceEpoch - selection.from.daysSinceEpoch <= 400 else {
            throw Problem.invalid(
                "to", code: "not_in_range", zh: "结束日期须在开始日期之后，且不超过 400 天。",
                en: "The last day must follow the first, by 400 days at most.", allowed: "from … from + 400 d")
        }
        return selection
    }

    private static func day(_ name: String, _ request: Request) throws -> LocalDate? {
        guard let text = try request.query(name) else { return nil }
        guard let day = LocalDate(iso: text) else {
            throw Problem.invalid(
                name, code: "not_a_date", zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23.",
                allowed: "YYYY-MM-DD")
        }
        return day
    }

    private static func notAllowed(_ field: String, _ allowed: [String]) -> Problem {
        Problem.invalid(
            field, code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
            allowed: allowed.joined(separator: ", "))
    }
}
