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
        routes.get("/v1/canteens/{id}", .read(.seeRegister), use: document)
        routes.post("/v1/canteens/{id}/licence/revoke", .action(.publishLicenceAndRating), use: endLicence)
    }

    private func filter(_ request: Request) throws -> CanteenList.Filter {
        let operating: Bool?
        switch try request.query("operating") {
        case nil: operating = nil
        case "true": operating = true
        case "false": operating = false
        default:
            throw Problem.invalid(
                "operating", code: "not_allowed", zh: "只能是 true 或 false。", en: "This is true or false.",
                allowed: "true, false")
        }
        return CanteenList.Filter(
            search: try request.query("q").map { String($0.prefix(100)) }, division: try request.query("division"),
            operating: operating)
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let filter = try filter(request)
        let page = try await list.page(filter, for: principal, try PageRequest(request))
        let divisions = try await list.divisions(for: principal)
        return try views.list(page, filter, divisions, context)
    }

    /// The canteen, if the caller may know of it.
    private func visible(_ context: BrightContext) async throws -> (canteen: Canteen, caterer: String?) {
        guard let canteen = try await list.canteen(try context.id("id")) else { throw Problem.notFound }
        let caterer = try await list.caterer(licence: canteen.catererLicence)
        try context.requireVisible(canteen.resource(caterer: caterer?.id))
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
        let page = try await list.page(
            try filter(request), for: try context.requirePrincipal(), try PageRequest(request))
        return try .json(
            PageOf(
                page.items.map { CanteenDocument($0.canteen) }, of: PageRequest(number: page.page, size: page.perPage),
                total: page.total))
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
