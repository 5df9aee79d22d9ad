import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The register of canteens: pages and JSON.
struct CanteenRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let list: CanteenList
    private let cameras: CameraList
    private let views: CanteenViews

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        list = CanteenList(pool: runtime.pool)
        cameras = CameraList(pool: runtime.pool)
        views = CanteenViews(pages: runtime.pages)
    }

    func declare(_ routes: Routes) {
        routes.get("/canteens", .read(.seeRegister), use: showList)
        routes.get("/canteens/{id}", .read(.seeRegister), use: showCanteen)
        routes.post("/canteens/{id}/licence/revoke", .action(.publishLicenceAndRating), use: submitEnding)
        routes.get("/v1/canteens", .read(.seeRegister), use: listDocuments)
        routes.get("/v1/canteens/export.csv", .read(.seeRegister), use: export)
        routes.get("/v1/canteens/{id}", .read(.seeRegister), use: document)
        routes.post("/v1/canteens/{id}/licence/revoke", .action(.publishLicenceAndRating), use: endLicence)
    }

    private static let filters = ["q", "division", "operating"]

    private func filter(_ query: ListQuery) throws -> CanteenList.Filter {
        CanteenList.Filter(
            search: try query.search(), division: try query.division(), operating: try query.flag("operating"))
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let query = try ListQuery(request, filters: Self.filters, takesCursor: false)
        let filter = try filter(query)
        let page = try await list.page(filter, for: principal, query.page)
        let divisions = try await list.divisions(for: principal)
        return try views.list(page, filter, divisions, context)
    }

    /// The canteen, if the caller may know of it.
    private func visible(_ context: BrightContext) async throws -> (canteen: Canteen, caterer: String?) {
        guard let canteen = try await list.canteen(try context.id("id")) else { throw Problem.notFound }
        let caterer = try await list.caterer(of: canteen)
        try context.requireVisible(canteen.resource(caterer: caterer))
        return (canteen, caterer?.name)
    }

    @Sendable private func showCanteen(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (canteen, caterer) = try await visible(context)
        return try await show(canteen, caterer, nil, context, status: .ok)
    }

    private func show(
        _ canteen: Canteen, _ caterer: String?, _ problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let organs = canteen.assignment
        return try views.detail(
            canteen, caterer: caterer, cameras: try await cameras.cameras(of: canteen.id),
            organs: try await list.organNames([organs.station, organs.county, organs.city, organs.supervising]),
            problem: problem, context, status: status)
    }

    @Sendable private func listDocuments(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let condition = CanteenList.condition(try filter(query), try context.requirePrincipal())
        return try .json(
            try await CanteenList.listing.page(condition, query, runtime.pool).map { CanteenDocument($0.canteen) })
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        return try await ListFiles(runtime: runtime).canteens(
            CanteenList.condition(filter, try context.requirePrincipal()), context)
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        try .json(CanteenDocument(try await visible(context).canteen))
    }

    @Sendable private func submitEnding(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (canteen, caterer) = try await visible(context)
        try context.authorise(.publishLicenceAndRating, on: canteen.resource())
        let form = try await request.form(context)
        do {
            var check = form.check()
            let state = check.choice("state", Licence.State.self)
            let decidedOn = check.date("decided_on")
            try check.done()
            return try await end(
                canteen, state, decidedOn, key: request.idempotencyKey(form),
                content: form.values.map { "\($0)=\($1)" },
                context
            ) { _ in Response.seeOther("/registry/canteens/\(canteen.id)") }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await show(canteen, caterer, problem, context, status: problem.status)
        }
    }

    private struct EndingCommand: Decodable {
        let state: Licence.State
        let decidedOn: LocalDate
    }

    @Sendable private func endLicence(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (canteen, _) = try await visible(context)
        try context.authorise(.publishLicenceAndRating, on: canteen.resource())
        let command = try await request.json(EndingCommand.self, context)
        return try await end(
            canteen, command.state, command.decidedOn, key: request.idempotencyKey(),
            content: [command.state.rawValue, command.decidedOn.iso], context
        ) { try Response.json(CanteenDocument($0)) }
    }

    private func end(
        _ canteen: Canteen, _ state: Licence.State?, _ decidedOn: LocalDate, key: String?, content: [String],
        _ context: BrightContext, answer: @escaping @Sendable (Canteen) throws -> Response
    ) async throws -> Response {
        guard let state, state != .valid else {
            throw Problem.invalid(
                "state", code: "not_allowed", zh: "只能是吊销、注销或撤销。", en: "A licence is revoked, cancelled or withdrawn.",
                allowed: "revoked, cancelled, withdrawn")
        }
        let eventContext = try context.eventContext()
        let idempotency = runtime.idempotency
        return try await runtime.pool.transaction { transaction in
            try await idempotency.once(
                key: key, content: Array(content.joined(separator: "&").utf8), context: context, in: transaction
            ) {
                try answer(
                    try await LicenceEnding(state: state, decidedOn: decidedOn).apply(
                        to: canteen.id, eventContext, now: context.now, transaction))
            }
        }
    }
}
