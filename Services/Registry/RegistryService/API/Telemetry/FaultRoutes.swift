import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Device faults and incidents: board, one fault with its steps, JSON.
struct FaultRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let list: FaultList
    private let incidents: IncidentList
    private let canteens: CanteenList
    private let commands: FaultCommands
    private let views: FaultViews

    init(runtime: ServiceRuntime, rules: SignalRules) {
        self.runtime = runtime
        list = FaultList(pool: runtime.pool)
        incidents = IncidentList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
        commands = FaultCommands(list: list)
        views = FaultViews(pages: runtime.pages, rules: rules)
    }

    func declare(_ routes: Routes) {
        routes.get("/faults", .read(.handleFault), use: showBoard)
        routes.get("/faults/{id}", .read(.handleFault), use: showFault)
        routes.post("/faults/{id}/steps", .action(.handleFault), use: submitStep)
        routes.get("/incidents", .read(.handleFault), use: showIncidents)
        routes.get("/v1/faults", .read(.handleFault), use: documents)
        routes.get("/v1/faults/export.csv", .read(.handleFault), use: export)
        routes.get("/v1/faults/{id}", .read(.handleFault), use: document)
        routes.post("/v1/faults/{id}/steps", .action(.handleFault), use: step)
        routes.get("/v1/incidents", .read(.handleFault), use: incidentDocuments)
        routes.get("/v1/incidents/export.csv", .read(.handleFault), use: exportIncidents)
    }

    private static let filters = ["q", "division", "standing", "kind", "escalated"]

    private func filter(_ query: ListQuery) throws -> FaultList.Filter {
        FaultList.Filter(
            standing: try query.choice("standing") ?? .open, kind: try query.choice("kind"),
            division: try query.division(), escalatedOnly: try query.flag("escalated") ?? false,
            search: try query.search())
    }

    @Sendable private func showBoard(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let query = try ListQuery(request, filters: Self.filters, takesCursor: false)
        let filter = try filter(query)
        return try views.board(
            try await list.page(filter, for: principal, query.page), filter,
            counts: try await list.counts(for: principal), divisions: try await canteens.divisions(for: principal),
            context)
    }

    @Sendable private func showIncidents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: [], takesCursor: false)
        return try views.incidents(
            try await incidents.page(openOnly: false, for: try context.requirePrincipal(), query.page), context)
    }

    @Sendable private func incidentDocuments(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: ["open"])
        let condition = IncidentList.condition(
            openOnly: try query.flag("open") ?? false, try context.requirePrincipal())
        return try .json(
            try await IncidentList.listing.page(condition, query, runtime.pool).map { IncidentDocument($0) })
    }

    @Sendable private func exportIncidents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(file: request, filters: ["open"])
        return try await ListFiles(runtime: runtime).incidents(
            IncidentList.condition(openOnly: try query.flag("open") ?? false, try context.requirePrincipal()), context)
    }

    /// The fault, if the caller may know of it, with its canteen.
    private func visible(
        _ context: BrightContext
    ) async throws -> (item: FaultList.Item, canteen: Canteen?, resource: Resource) {
        guard let item = try await list.fault(try context.id("id"), for: try context.requirePrincipal()) else {
            throw Problem.notFound
        }
        guard let id = item.fault.canteenId else {
            // Of a whole division: its county and the city work on it.
            return (item, nil, Resource(divisionCode: item.fault.divisionCode))
        }
        guard let canteen = try await canteens.canteen(id) else { throw Problem.notFound }
        let caterer = try await canteens.caterer(of: canteen)
        return (item, canteen, canteen.resource(caterer: caterer))
    }

    @Sendable private func showFault(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await show(try await visible(context), nil, context, status: .ok)
    }

    private func show(
        _ found: (item: FaultList.Item, canteen: Canteen?, resource: Resource), _ problem: Problem?,
        _ context: BrightContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let mayAct = context.may(.handleFault, on: found.resource)
        let candidates =
            mayAct
            ? try await list.candidates(
                for: found.canteen, division: found.item.fault.divisionCode, on: LocalDate(context.now)) : []
        return try views.fault(
            found.item, steps: try await FaultStore.steps(of: found.item.fault.id, runtime.pool), mayAct: mayAct,
            candidates: candidates, problem: problem, context, status: status)
    }

    @Sendable private func submitStep(_ request: Request, _ context: BrightContext) async throws -> Response {
        let found = try await visible(context)
        try context.authorise(.handleFault, on: found.resource)
        let form = try await request.form(context)
        do {
            var check = form.check()
            let step = check.choice("step", FaultStep.self)
            let note = check.optionalText("note", maximum: 500, screened: true)
            let version = check.integer("version", in: 1...1_000_000)
            let person = form.optional("responsible").map { _ in check.id("responsible", as: PersonID.self) }
            try check.done()
            guard let step else { throw Problem.notFound }
            return try await apply(
                FaultCommands.Command(step: step, note: note, responsible: person, version: version), found,
                key: request.idempotencyKey(form), context
            ) { _ in .seeOther("/registry/faults/\(found.item.fault.id)") }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await show(try await visible(context), problem, context, status: problem.status)
        }
    }

    private struct StepCommand: Decodable {
        let step: FaultStep
        let note: String?
        let responsible: PersonID?
        let version: Int?
    }

    @Sendable private func step(_ request: Request, _ context: BrightContext) async throws -> Response {
        let found = try await visible(context)
        try context.authorise(.handleFault, on: found.resource)
        let command = try await request.json(StepCommand.self, context)
        if let note = command.note {
            guard note.count <= 500 else {
                throw Problem.invalid(
                    "note", code: "too_long", zh: "最多 500 个字。", en: "At most 500 characters.", allowed: "≤ 500")
            }
            try PersonalDataScreen.check(field: "note", text: note)
        }
        return try await apply(
            FaultCommands.Command(
                step: command.step, note: command.note, responsible: command.responsible, version: command.version),
            found, key: request.idempotencyKey(), context
        ) { fault in
            try Response.json(
                FaultDocument(
                    FaultList.Item(
                        fault: fault, school: found.item.school, canteen: found.item.canteen,
                        camera: found.item.camera, organ: found.item.organ, cameras: found.item.cameras)))
        }
    }

    private func apply(
        _ command: FaultCommands.Command, _ found: (item: FaultList.Item, canteen: Canteen?, resource: Resource),
        key: String?, _ context: BrightContext, answer: @escaping @Sendable (DeviceFault) throws -> Response
    ) async throws -> Response {
        let principal = try context.requirePrincipal()
        let eventContext = try context.eventContext()
        let (item, canteen) = (found.item, found.canteen)
        let content =
            "\(item.fault.id)&\(command.step.rawValue)&\(command.note ?? "")&\(command.responsible?.rawValue ?? "")"
            + "&\(command.version.map(String.init) ?? "")"
        return try await runtime.pool.transaction { transaction in
            try await runtime.idempotency.once(
                key: key, content: Array(content.utf8), context: context, in: transaction
            ) {
                try answer(
                    try await commands.apply(
                        command, to: item, canteen: canteen, by: principal, eventContext, now: context.now, transaction)
                )
            }
        }
    }

    @Sendable private func documents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let condition = FaultList.condition(try filter(query), try context.requirePrincipal())
        return try .json(
            try await FaultList.listing.page(condition, query, runtime.pool).map { FaultDocument($0) })
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        return try await ListFiles(runtime: runtime).faults(
            FaultList.condition(filter, try context.requirePrincipal()), context)
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let item = try await visible(context).item
        return try .json(FaultDocument(item, steps: try await FaultStore.steps(of: item.fault.id, runtime.pool)))
    }
}
