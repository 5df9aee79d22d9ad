import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The connection of canteens: state, clock, to-do list, and what people decide about it.
struct AccessRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let evaluator: AccessEvaluator
    private let desk: AccessDesk
    private let list: AccessList
    private let canteens: CanteenList
    private let cameras: CameraList

    init(runtime: ServiceRuntime, evaluator: AccessEvaluator) {
        self.runtime = runtime
        self.evaluator = evaluator
        desk = AccessDesk(evaluator: evaluator)
        list = AccessList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
        cameras = CameraList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/access", .signedIn, use: showList)
        routes.get("/school", .read(.draftSchoolItems), use: showSchool)
        routes.get("/canteens/{id}/access", .signedIn, use: showCanteen)
        routes.post("/canteens/{id}/access/application", .action(.applyForRegistration), use: submitApplication)
        routes.post("/canteens/{id}/access/decision", .action(.confirmAccess), use: submitDecision)
        routes.get("/v1/access", .signedIn, use: documents)
        routes.get("/v1/access/export.csv", .signedIn, use: export)
        routes.get("/v1/canteens/{id}/access", .signedIn, use: document)
        routes.post("/v1/canteens/{id}/access/application", .action(.applyForRegistration), use: apply)
        routes.post("/v1/canteens/{id}/access/decision", .action(.confirmAccess), use: decide)
    }

    // MARK: lists

    private static let filters = ["q", "division", "view", "state"]

    private func filter(_ query: ListQuery) throws -> AccessList.Filter {
        AccessList.Filter(
            view: try query.choice("view") ?? .all, state: try query.choice("state"), division: try query.division(),
            search: try query.search())
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters, takesCursor: false)
        let filter = try filter(query)
        let page = try await list.page(
            filter, for: try context.requirePrincipal(), today: LocalDate(context.now), query.page)
        return try AccessListPage(pages: runtime.pages, context: context).render(
            page, filter, divisions: try await list.divisionNames())
    }

    @Sendable private func showSchool(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await list.page(
            AccessList.Filter(), for: try context.requirePrincipal(), today: LocalDate(context.now),
            try ListQuery(request, filters: [], takesCursor: false).page)
        return try AccessListPage(pages: runtime.pages, context: context).renderSchool(page)
    }

    @Sendable private func documents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let condition = AccessList.condition(
            try filter(query), try context.requirePrincipal(), LocalDate(context.now))
        let words = AccessWords(pages: runtime.pages, context: context)
        let edition = try await evaluator.calendars.current(runtime.pool)
        return try .json(
            try await AccessList.listing.page(condition, query, runtime.pool).map {
                try document($0, edition, words)
            })
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        return try await ListFiles(runtime: runtime).access(
            AccessList.condition(filter, try context.requirePrincipal(), LocalDate(context.now)), context)
    }

    // MARK: one canteen

    private func visible(_ context: BrightContext) async throws -> Canteen {
        guard let canteen = try await canteens.canteen(try context.id("id")) else { throw Problem.notFound }
        let caterer = try await canteens.caterer(of: canteen)
        try context.requireVisible(canteen.resource(caterer: caterer))
        return canteen
    }

    /// The stored record; one that the clock has not seen yet is made now.
    private func record(_ canteen: Canteen, _ context: BrightContext) async throws -> AccessRecord {
        if let record = try await AccessStore.find(canteen.id, runtime.pool) { return record }
        let eventContext = context.eventContext(actor: .system("clock"))
        let records = try await runtime.pool.transaction {
            try await evaluator.evaluate([canteen.id], eventContext, now: context.now, $0)
        }
        guard let record = records.first else { throw Problem.notFound }
        return record
    }

    private func explanation(_ record: AccessRecord, _ edition: CalendarEdition) throws -> WorkingDayDeadline? {
        guard let started = record.startedOn, record.deadline != nil else { return nil }
        return try edition.calendar.deadline(from: started, workingDays: evaluator.rule.workingDays)
    }

    private func document(
        _ record: AccessRecord, _ edition: CalendarEdition, _ words: AccessWords
    ) throws -> AccessDocument {
        AccessDocument(record, explanation: try explanation(record, edition), toDo: words.toDo)
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let record = try await record(try await visible(context), context)
        let edition = try await evaluator.calendars.current(runtime.pool)
        return try .json(try document(record, edition, AccessWords(pages: runtime.pages, context: context)))
    }

    @Sendable private func showCanteen(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await show(try await visible(context), nil, context, status: .ok)
    }

    private func show(
        _ canteen: Canteen, _ problem: Problem?, _ context: BrightContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let record = try await record(canteen, context)
        let edition = try await evaluator.calendars.current(runtime.pool)
        let cameras = try await cameras.cameras(of: canteen.id)
        return try AccessPage(pages: runtime.pages, context: context).render(
            AccessPage.Content(
                canteen: canteen, record: record, explanation: try explanation(record, edition), edition: edition,
                cameras: cameras, frames: try await FrameSummaries.latest(of: cameras.map(\.id), runtime.pool),
                history: try await AccessStore.history(canteen.id, limit: 50, runtime.pool), problem: problem),
            status: status)
    }

    // MARK: steps

    private struct Command: Decodable {
        let step: AccessStep
        let reason: String?
        let specialReason: SpecialReason?
    }

    @Sendable private func apply(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await json(request, .applyForRegistration, AccessStep.application, context)
    }

    @Sendable private func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await json(request, .confirmAccess, AccessStep.decision, context)
    }

    private func json(
        _ request: Request, _ action: Action, _ steps: [AccessStep], _ context: BrightContext
    ) async throws -> Response {
        let canteen = try await visible(context)
        try context.authorise(action, on: canteen.resource())
        let command = try await request.json(Command.self, context)
        if let reason = command.reason { try PersonalDataScreen.check(field: "reason", text: reason) }
        let step = AccessDesk.Request(
            step: command.step, reason: command.reason, specialReason: command.specialReason)
        let edition = try await evaluator.calendars.current(runtime.pool)
        let words = AccessWords(pages: runtime.pages, context: context)
        return try await perform(step, steps, canteen, key: request.idempotencyKey(), context) { record in
            try .json(try document(record, edition, words))
        }
    }

    @Sendable private func submitApplication(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await submit(request, .applyForRegistration, AccessStep.application, context)
    }

    @Sendable private func submitDecision(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await submit(request, .confirmAccess, AccessStep.decision, context)
    }

    private func submit(
        _ request: Request, _ action: Action, _ steps: [AccessStep], _ context: BrightContext
    ) async throws -> Response {
        let canteen = try await visible(context)
        try context.authorise(action, on: canteen.resource())
        let form = try await request.form(context)
        do {
            var check = form.check()
            let step = check.choice("step", AccessStep.self)
            let special = step == .specialReason ? check.choice("special_reason", SpecialReason.self) : nil
            let reason = check.optionalText("reason", maximum: 200, screened: true)
            try check.done()
            guard let step else { throw Problem.notFound }
            return try await perform(
                AccessDesk.Request(step: step, reason: reason, specialReason: special), steps, canteen,
                key: request.idempotencyKey(form), context
            ) { _ in .seeOther("/registry/canteens/\(canteen.id)/access") }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await show(canteen, problem, context, status: problem.status)
        }
    }

    private func perform(
        _ step: AccessDesk.Request, _ allowed: [AccessStep], _ canteen: Canteen, key: String?, _ context: BrightContext,
        answer: @escaping @Sendable (AccessRecord) throws -> Response
    ) async throws -> Response {
        guard allowed.contains(step.step) else {
            throw Problem.invalid(
                "step", code: "not_allowed", zh: "这里不能进行此操作。", en: "This step is taken elsewhere.",
                allowed: allowed.map(\.rawValue).joined(separator: ", "))
        }
        if step.step.needsReason, (step.reason ?? "").isEmpty {
            throw Problem.invalid("reason", code: "missing", zh: "请说明原因。", en: "Please give the reason.")
        }
        if step.step == .specialReason, step.specialReason == nil {
            throw Problem.invalid(
                "special_reason", code: "missing", zh: "请选择原因。", en: "Please choose a reason.",
                allowed: SpecialReason.allCases.map(\.rawValue).joined(separator: ", "))
        }
        if (step.reason?.count ?? 0) > 200 {
            throw Problem.invalid(
                "reason", code: "too_long", zh: "最多 200 个字。", en: "At most 200 characters.", allowed: "≤ 200")
        }
        let person = try context.requirePrincipal().personId
        let eventContext = try context.eventContext()
        let content = [step.step.rawValue, step.reason ?? "", step.specialReason?.rawValue ?? ""]
        let desk = desk
        let idempotency = runtime.idempotency
        return try await runtime.pool.transaction { transaction in
            try await idempotency.once(
                key: key, content: Array(content.joined(separator: "&").utf8), context: context, in: transaction
            ) {
                try answer(
                    try await desk.perform(
                        step, on: canteen.id, by: person, eventContext, now: context.now, transaction))
            }
        }
    }
}
