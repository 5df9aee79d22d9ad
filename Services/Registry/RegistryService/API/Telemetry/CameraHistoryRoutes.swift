import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// A camera's signal and recordings, and how long its recordings must be kept.
struct CameraHistoryRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let cameras: CameraList
    private let canteens: CanteenList
    private let views: CameraHistoryViews

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        cameras = CameraList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
        views = CameraHistoryViews(pages: runtime.pages)
    }

    func declare(_ routes: Routes) {
        routes.get("/cameras/{id}/history", .read(.handleFault), use: showHistory)
        routes.post("/cameras/{id}/retention", .action(.handleFault), use: submitRetention)
        routes.get("/v1/cameras/{id}/history", .read(.handleFault), use: document)
        routes.put("/v1/cameras/{id}/retention", .action(.handleFault), use: putRetention)
    }

    private func found(_ context: BrightContext) async throws -> (camera: Camera, canteen: Canteen, resource: Resource)
    {
        guard let camera = try await cameras.camera(try context.id("id")),
            let canteen = try await canteens.canteen(camera.canteenId)
        else { throw Problem.notFound }
        let caterer = try await canteens.caterer(of: canteen)
        let resource = canteen.resource(caterer: caterer)
        try context.authorise(.handleFault, on: resource, intent: .read)
        return (camera, canteen, resource)
    }

    private func period(_ request: Request, _ context: BrightContext, days: Int) throws -> (LocalDate, LocalDate) {
        let today = LocalDate(context.now)
        func date(_ name: String) throws -> LocalDate? {
            guard let text = try request.query(name), !text.isEmpty else { return nil }
            if let date = LocalDate(iso: text) { return date }
            throw Problem.invalid(
                name, code: "not_a_date", zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23.",
                allowed: "YYYY-MM-DD")
        }
        let through = try date("through") ?? today
        let from = try date("from") ?? through.adding(days: 1 - days)
        let length = through.daysSinceEpoch - from.daysSinceEpoch + 1
        guard (1...CameraHistory.maximumDays).contains(length) else {
            throw Problem.invalid(
                "from", code: "not_in_range", zh: "一次最多查询 \(CameraHistory.maximumDays) 天。",
                en: "At most \(CameraHistory.maximumDays) days at once.", allowed: "1…\(CameraHistory.maximumDays)")
        }
        return (from, through)
    }

    @Sendable private func showHistory(_ request: Request, _ context: BrightContext) async throws -> Response {
        let found = try await found(context)
        return try await show(found, try period(request, context, days: 30), nil, context, status: .ok)
    }

    private func show(
        _ found: (camera: Camera, canteen: Canteen, resource: Resource), _ period: (LocalDate, LocalDate),
        _ problem: Problem?, _ context: BrightContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let history = try await CameraHistory.read(
            found.camera, from: period.0, through: period.1, now: context.now, runtime.pool)
        return try views.history(
            history, found.canteen, mayChange: context.may(.handleFault, on: found.resource), problem: problem, context,
            status: status)
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let camera = try await found(context).camera
        let (from, through) = try period(request, context, days: 30)
        return try .json(
            CameraHistoryDocument(
                try await CameraHistory.read(camera, from: from, through: through, now: context.now, runtime.pool)))
    }

    @Sendable private func submitRetention(_ request: Request, _ context: BrightContext) async throws -> Response {
        let found = try await found(context)
        try context.authorise(.handleFault, on: found.resource)
        let form = try await request.form(context)
        do {
            var check = form.check()
            let regime = check.choice("regime", RetentionRegime.self)
            let days = form.optional("promised_days").map { _ in check.integer("promised_days", in: 15...365) }
            try check.done()
            guard let regime else { throw Problem.notFound }
            return try await change(
                found.camera, regime, days, key: request.idempotencyKey(form), context
            ) { .seeOther("/registry/cameras/\(found.camera.id)/history") }
        } catch let problem as Problem where problem.status == .unprocessableContent {
            let today = LocalDate(context.now)
            return try await show(
                found, (today.adding(days: -29), today), problem, context, status: problem.status)
        }
    }

    private struct RetentionCommand: Decodable {
        let regime: RetentionRegime
        let promisedDays: Int?
    }

    @Sendable private func putRetention(_ request: Request, _ context: BrightContext) async throws -> Response {
        let found = try await found(context)
        try context.authorise(.handleFault, on: found.resource)
        let command = try await request.json(RetentionCommand.self, context)
        if let days = command.promisedDays, !(15...365).contains(days) {
            throw Problem.invalid(
                "promised_days", code: "not_in_range", zh: "录像保存期不得少于 15 天，最多 365 天。",
                en: "Recordings are kept for at least 15 days (art 9), at most 365.", allowed: "15…365")
        }
        return try await change(
            found.camera, command.regime, command.promisedDays, key: request.idempotencyKey(), context
        ) { .noContent() }
    }

    private struct Fact: Encodable {
        let cameraId: CameraID
        let regime: RetentionRegime
        let promisedDays: Int?
    }

    private func change(
        _ camera: Camera, _ regime: RetentionRegime, _ days: Int?, key: String?, _ context: BrightContext,
        answer: @escaping @Sendable () throws -> Response
    ) async throws -> Response {
        let eventContext = try context.eventContext()
        let content = "\(camera.id)&\(regime.rawValue)&\(days ?? 0)"
        return try await runtime.pool.transaction { transaction in
            try await runtime.idempotency.once(
                key: key, content: Array(content.utf8), context: context, in: transaction
            ) {
                try await CoverageStore.setPolicy(camera.id, regime, promisedDays: days, now: context.now, transaction)
                try await transaction.record(
                    "brightkitchen.registry.camera.retention-set.v1", subject: camera.canteenId.rawValue,
                    data: Fact(cameraId: camera.id, regime: regime, promisedDays: days), eventContext,
                    occurredAt: context.now)
                return try answer()
            }
        }
    }
}
