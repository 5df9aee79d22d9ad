import Access
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Cameras: lists, and the check of the first picture.
struct CameraRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let review: FirstFrameReview
    private let list: CameraList
    private let canteens: CanteenList
    private let views: CameraViews

    init(runtime: ServiceRuntime, review: FirstFrameReview) {
        self.runtime = runtime
        self.review = review
        list = CameraList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
        views = CameraViews(pages: runtime.pages)
    }

    func declare(_ routes: Routes) {
        routes.get("/cameras/review", .read(.confirmAccess), use: showPending)
        routes.get("/cameras/{id}", .read(.confirmAccess), use: showCamera)
        routes.get("/cameras/{id}/first-frame.jpg", .read(.confirmAccess), options: .viewed, use: picture)
        routes.post("/cameras/{id}/first-frame", .action(.confirmAccess), use: submitDecision)
        routes.get("/v1/cameras", .read(.seeRegister), use: documents)
        routes.get("/v1/cameras/export.csv", .read(.seeRegister), use: export)
        routes.get("/v1/cameras/{id}", .read(.seeRegister), use: document)
        routes.post("/v1/cameras/{id}/first-frame", .action(.confirmAccess), use: decide)
    }

    private func camera(_ context: BrightContext) async throws -> (camera: Camera, canteen: Canteen) {
        guard let camera = try await list.camera(try context.id("id")),
            let canteen = try await canteens.canteen(camera.canteenId)
        else { throw Problem.notFound }
        return (camera, canteen)
    }

    @Sendable private func showPending(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: [], takesCursor: false)
        let page = try await list.page(
            CameraList.Filter(status: .pending), for: try context.requirePrincipal(), query.page)
        return try views.pending(page, context)
    }

    @Sendable private func showCamera(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await camera(context)
        try context.authorise(.confirmAccess, on: canteen.resource(), intent: .read)
        return try await show(camera, canteen, nil, context, status: .ok)
    }

    /// A pending camera shows a picture to decide about; any other the picture that was decided about.
    private func show(
        _ camera: Camera, _ canteen: Canteen, _ problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) async throws -> Response {
        var frame: FirstFrameStore.Frame?
        var missing: Problem?
        if camera.status == .pending {
            do {
                frame = try await review.frame(of: camera, now: context.now)
            } catch let problem as Problem where problem.status == .conflict {
                missing = problem
            }
        } else {
            frame = try await FirstFrameStore.latest(camera.id, runtime.pool)
        }
        return try views.camera(
            camera, canteen, frame: frame, missing: missing, problem: problem, context, status: status)
    }

    @Sendable private func picture(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await camera(context)
        try context.authorise(.confirmAccess, on: canteen.resource(), intent: .read)
        guard let frame = try await FirstFrameStore.latest(camera.id, runtime.pool),
            let jpeg = try await FirstFrameStore.picture(frame.id, runtime.pool)
        else { throw Problem.notFound }
        return .bytes(jpeg, contentType: "image/jpeg", cacheControl: "private, no-store")
    }

    @Sendable private func submitDecision(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await camera(context)
        try context.authorise(.confirmAccess, on: canteen.resource())
        let form = try await request.form(context)
        do {
            var check = form.check()
            let decision = check.choice("decision", FirstFrameDecision.self)
            let reason = check.optionalText("reason", maximum: 200, screened: true)
            try check.done()
            guard let decision else { throw Problem.notFound }
            _ = try await decide(
                FirstFrameReview.Request(
                    decision: decision, reason: reason, frame: form.optional("frame"),
                    hasPrivacyStatement: form.optional("privacy_statement") == "yes"),
                camera, context)
            return .seeOther("/registry/cameras/review")
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await show(camera, canteen, problem, context, status: problem.status)
        }
    }

    private struct DecisionCommand: Decodable {
        let decision: FirstFrameDecision
        let reason: String?
        let privacyStatement: Bool?
    }

    @Sendable private func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await camera(context)
        try context.authorise(.confirmAccess, on: canteen.resource())
        let command = try await request.json(DecisionCommand.self, context)
        if let reason = command.reason { try PersonalDataScreen.check(field: "reason", text: reason) }
        guard camera.status == .pending else { throw FirstFrameReview.notPending }
        _ = try await review.frame(of: camera, now: context.now)
        return try .json(
            CameraDocument(
                try await decide(
                    FirstFrameReview.Request(
                        decision: command.decision, reason: command.reason, frame: nil,
                        hasPrivacyStatement: command.privacyStatement ?? false),
                    camera, context)))
    }

    /// A rejection without a reason helps nobody to correct the camera.
    private func decide(
        _ decision: FirstFrameReview.Request, _ camera: Camera, _ context: BrightContext
    ) async throws -> Camera {
        if decision.decision == .reject, (decision.reason ?? "").isEmpty {
            throw Problem.invalid(
                "reason", code: "missing", zh: "请说明退回的原因。", en: "Please say why the picture is rejected.")
        }
        let person = try context.requirePrincipal().personId
        let eventContext = try context.eventContext()
        return try await runtime.pool.transaction { transaction in
            try await review.decide(
                decision, on: camera, by: person, eventContext, now: context.now, transaction)
        }
    }

    private static let filters = ["q", "division", "status", "gb_id", "canteen_id"]

    private func filter(_ query: ListQuery) throws -> CameraList.Filter {
        let gbId = try query.text("gb_id")
        if let gbId, gbId.utf8.count != 20 || !gbId.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw Problem.invalid(
                "gb_id", code: "not_a_gb_id", zh: "国标编码为 20 位数字。", en: "A GB/T 28181 id has 20 digits.",
                allowed: "20 digits")
        }
        let canteen = try query.text("canteen_id")
        if let canteen, !WellFormed.isIdentifier(canteen) {
            throw Problem.invalid(
                "canteen_id", code: "not_an_id", zh: "食堂编号格式不正确。", en: "This is not the id of a canteen.")
        }
        return CameraList.Filter(
            status: try query.choice("status"), gbId: gbId, canteenId: canteen.map { CanteenID(rawValue: $0) },
            division: try query.division(), search: try query.search())
    }

    @Sendable private func documents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let condition = CameraList.condition(try filter(query), try context.requirePrincipal())
        return try .json(
            try await CameraList.listing.page(condition, query, runtime.pool).map { CameraDocument($0.camera) })
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        return try await ListFiles(runtime: runtime).cameras(
            CameraList.condition(filter, try context.requirePrincipal()), context)
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await camera(context)
        let caterer = try await canteens.caterer(of: canteen)
        try context.requireVisible(canteen.resource(caterer: caterer))
        return try .json(CameraDocument(camera))
    }
}
