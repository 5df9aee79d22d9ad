import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Planned outages: list, entering, decision.
struct OutageRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let list: OutageList
    private let canteens: CanteenList
    private let views: OutageViews

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        list = OutageList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
        views = OutageViews(pages: runtime.pages)
    }

    func declare(_ routes: Routes) {
        routes.get("/outages", .read(.handleFault), use: showList)
        routes.post("/outages", .action(.handleFault), use: submit)
        routes.post("/outages/{id}/decision", .action(.handleFault), use: submitDecision)
        routes.get("/v1/outages", .read(.handleFault), use: documents)
        routes.get("/v1/outages/export.csv", .read(.handleFault), use: export)
        routes.post("/v1/outages", .action(.handleFault), use: enter)
        routes.post("/v1/outages/{id}/decision", .action(.handleFault), use: decide)
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await show(request, nil, nil, context, status: .ok)
    }

    private func show(
        _ request: Request, _ form: FormData?, _ problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let principal = try context.requirePrincipal()
        // A form that was refused is shown again over the list's first page.
        let query = form == nil ? try ListQuery(request, filters: ["state", "q"], takesCursor: false) : nil
        let page = try await list.page(
            try query?.choice("state"), for: principal, now: context.now, query?.page ?? PageRequest())
        let mayEnter = context.may(.handleFault)
        let search = try query?.search()
        return try views.list(
            page, canteens: mayEnter ? try await list.canteens(for: principal, search: search) : [], mayEnter: mayEnter,
            isRegulator: [.cityRegulator, .countyRegulator, .stationOfficer].contains(principal.role), search: search,
            form: form,
            problem: problem, context, status: status)
    }

    @Sendable private func documents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: ["state"])
        let condition = OutageList.condition(try query.choice("state"), try context.requirePrincipal())
        return try .json(
            try await OutageList.listing.page(condition, query, runtime.pool).map { OutageDocument($0.outage) })
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(file: request, filters: ["state"])
        return try await ListFiles(runtime: runtime).outages(
            OutageList.condition(try query.choice("state"), try context.requirePrincipal()), context)
    }

    /// The canteen, if the caller may plan for it.
    private func canteen(_ id: CanteenID, _ context: BrightContext) async throws -> Canteen {
        guard WellFormed.isIdentifier(id.rawValue), let canteen = try await canteens.canteen(id) else {
            throw Problem.notFound
        }
        let caterer = try await canteens.caterer(of: canteen)
        try context.authorise(.handleFault, on: canteen.resource(caterer: caterer))
        return canteen
    }

    @Sendable private func submit(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            var check = form.check()
            let canteenId = check.id("canteen_id", as: CanteenID.self)
            let from = Self.time("from_at", form, &check)
            let to = Self.time("to_at", form, &check)
            let reason = check.text("reason", maximum: 200, screened: true)
            try check.done()
            guard let from, let to else { throw Problem.notFound }
            return try await enter(
                OutageCommand(canteenId: canteenId, cameraId: nil, fromAt: from, toAt: to, reason: reason),
                key: request.idempotencyKey(form), context
            ) { _ in .seeOther("/registry/outages") }
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await show(request, form, problem, context, status: problem.status)
        }
    }

    /// `2026-11-23T18:30`, the city's time, as a browser's field gives it.
    private static func time(_ name: String, _ form: FormData, _ check: inout FormCheck) -> Instant? {
        let text = form.optional(name) ?? ""
        if text.utf8.count == 16, let instant = Instant(rfc3339: text + ":00+08:00") { return instant }
        check.fail(
            FieldFault(
                field: name, code: text.isEmpty ? "missing" : "not_a_time",
                detail: LocalizedText(zh: "请填写日期和时间。", en: "Please give a day and a time."),
                allowed: "YYYY-MM-DDTHH:MM"))
        return nil
    }

    private struct OutageCommand: Decodable, Sendable {
        let canteenId: CanteenID
        let cameraId: CameraID?
        let fromAt: Instant
        let toAt: Instant
        let reason: String
    }

    @Sendable private func enter(_ request: Request, _ context: BrightContext) async throws -> Response {
        let command = try await request.json(OutageCommand.self, context)
        guard (1...200).contains(command.reason.count) else {
            throw Problem.invalid(
                "reason", code: command.reason.isEmpty ? "missing" : "too_long", zh: "请说明原因，最多 200 个字。",
                en: "Please give a reason of at most 200 characters.", allowed: "1…200")
        }
        try PersonalDataScreen.check(field: "reason", text: command.reason)
        return try await enter(command, key: request.idempotencyKey(), context) {
            try .json(OutageDocument($0), status: .created)
        }
    }

    private func enter(
        _ command: OutageCommand, key: String?, _ context: BrightContext,
        answer: @escaping @Sendable (OutageStore.Outage) throws -> Response
    ) async throws -> Response {
        let canteen = try await canteen(command.canteenId, context)
        let principal = try context.requirePrincipal()
        let eventContext = try context.eventContext()
        let content =
            "\(command.canteenId)&\(command.cameraId?.rawValue ?? "")&\(command.fromAt)&\(command.toAt)&\(command.reason)"
        return try await runtime.pool.transaction { transaction in
            try await runtime.idempotency.once(
                key: key, content: Array(content.utf8), context: context, in: transaction
            ) {
                try answer(
                    try await OutageCommands.enter(
                        canteen: canteen, camera: command.cameraId, from: command.fromAt, to: command.toAt,
                        reason: command.reason, by: principal, eventContext, now: context.now, transaction))
            }
        }
    }

    @Sendable private func submitDecision(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            var check = form.check()
            let decision = check.choice("decision", OutageStore.State.self)
            try check.done()
            guard let decision else { throw Problem.notFound }
            return try await decide(decision, key: request.idempotencyKey(form), context) { _ in
                .seeOther("/registry/outages")
            }
        } catch let problem as Problem where problem.status == .conflict {
            return try await show(request, nil, problem, context, status: problem.status)
        }
    }

    private struct DecisionCommand: Decodable {
        let decision: OutageStore.State
    }

    @Sendable private func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        let command = try await request.json(DecisionCommand.self, context)
        return try await decide(command.decision, key: request.idempotencyKey(), context) {
            try .json(OutageDocument($0))
        }
    }

    private func decide(
        _ decision: OutageStore.State, key: String?, _ context: BrightContext,
        answer: @escaping @Sendable (OutageStore.Outage) throws -> Response
    ) async throws -> Response {
        let id: String = (try context.id("id") as CanteenID).rawValue
        guard let item = try await list.outage(id) else { throw Problem.notFound }
        _ = try await canteen(item.outage.canteenId, context)
        let principal = try context.requirePrincipal()
        let eventContext = try context.eventContext()
        return try await runtime.pool.transaction { transaction in
            try await runtime.idempotency.once(
                key: key, content: Array("\(id)&\(decision.rawValue)".utf8), context: context, in: transaction
            ) {
                try answer(
                    try await OutageCommands.decide(
                        id, decision, by: principal, eventContext, now: context.now, transaction))
            }
        }
    }
}
