import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The organ's draws, and one draw with its proof.
struct DrawPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/draws", .read(.seePatrolPlan)) { request, context in
            try await answering { try await list(request, context, problem: nil) }
        }
        routes.post("/draws", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            do {
                var check = form.check()
                let order = DrawOrder(
                    randomCount: check.integer("random_count", in: 0...PatrolDesk.mostCanteens),
                    riskCount: check.integer("risk_count", in: 0...PatrolDesk.mostCanteens),
                    inspectorsPerCanteen: check.integer("inspectors_per_canteen", in: 1...2))
                try check.done()
                return try await commands.form(form, request, context) { desk, caller in
                    .seeOther(PatrolPaths.draw(try await desk.announceDraw(order, by: caller)))
                }
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await answering { try await list(request, context, problem: problem) }
            }
        }
        routes.get("/draws/{draw}", .read(.seePatrolPlan)) { _, context in
            try await answering { try await show(context, problem: nil) }
        }
        routes.post("/draws/{draw}", .action(.runPatrol)) { request, context in
            let id: DrawID = try context.id("draw")
            let form = try await request.form(context)
            do {
                return try await commands.form(form, request, context) { desk, caller in
                    switch form.optional("do") {
                    case "draw": try await desk.holdDraw(id, by: caller)
                    case "patrol": return .seeOther(PatrolPaths.patrol(try await desk.planPatrol(of: id, by: caller)))
                    case "publish": try await desk.publishDraw(id, by: caller)
                    default:
                        throw Problem.invalid(
                            "do", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                            allowed: "draw, patrol, publish")
                    }
                    return .seeOther(PatrolPaths.draw(id))
                }
            } catch let problem as Problem where problem.status == .conflict || problem.status == .unprocessableContent
            {
                return try await answering { try await show(context, problem: problem) }
            }
        }
    }

    private func list(_ request: Request, _ context: BrightContext, problem: Problem?) async throws -> Response {
        let organ = try await desk.ownOrgan(try context.caller())
        let page = try PageRequest(request)
        let draws = try await desk.pool.draws(of: organ.organId, limit: page.size, offset: page.offset)
        let total = try await desk.pool.drawCount(of: organ.organId)
        func field(_ name: String, _ value: String) -> FormField {
            FormField(
                name, label: models.text("patrol.draw.\(name)", context), value: value, type: "number",
                fault: problem?.faults.first { $0.field == name }?.detail[context.language])
        }
        let quota = desk.rules.quota(organ.level)
        let model: [String: Any] = [
            "draws": draws.map { line($0, context) }, "hasDraws": !draws.isEmpty,
            "mayDraw": context.may(.runPatrol), "path": PatrolPaths.draws,
            "fields": [
                field("random_count", "\((quota + 1) / 2)"), field("risk_count", "\(quota / 2)"),
                field("inspectors_per_canteen", "1"),
            ],
            "text": models.text("patrol.draw.none", context),
            "pager": PageOf(draws.map(\.drawId), of: page, total: total).pager(path: PatrolPaths.draws),
        ]
        return try models.pages.render(
            "draws", context,
            PageMeta(
                title: models.text("patrol.draw.title", context),
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.draw.title", context)),
                ], lead: models.text("patrol.draw.lead", context), current: "patrol"), model: model,
            status: problem?.status ?? .ok)
    }

    private func line(_ draw: DrawRecord, _ context: BrightContext) -> [String: Any] {
        [
            "href": PatrolPaths.draw(draw.drawId), "at": DisplayTime.minute(draw.announcedAt),
            "state": models.text("patrol.draw.state.\(draw.state.rawValue)", context),
            "style": draw.state == .published ? "ok" : draw.state == .drawn ? "info" : "warn",
        ]
    }

    private func show(_ context: BrightContext, problem: Problem?) async throws -> Response {
        let draw = try await desk.readDraw(try context.id("draw"), for: try context.caller())
        let inputs = try draw.decodedInputs()
        let picks = try draw.decodedResult()?.picks ?? []
        let canteens = try await desk.pool.canteens(picks.map(\.canteenId))
        let isOwn = draw.organId == context.principal?.organId && context.may(.runPatrol)
        var model = line(draw, context)
        model["path"] = PatrolPaths.draw(draw.drawId)
        model["id"] = draw.drawId.rawValue
        model["inputsHash"] = draw.inputsHash
        model["commitment"] = draw.seedCommitment
        model["canteenCount"] = inputs.canteens.count
        model["inspectorCount"] = inputs.inspectors.count
        model["recusalCount"] = inputs.recusals.count
        model["formula"] = inputs.riskFormula
        model["checkpointSize"] = draw.checkpointSize
        model["checkpointRoot"] = draw.checkpointRoot
        model["resultHash"] = draw.resultHash
        model["canDraw"] = isOwn && draw.state == .announced
        model["canPlan"] = isOwn && draw.state == .drawn
        model["isPublished"] = draw.state == .published
        model["opening"] = "/patrol/api/v1/draws/\(draw.drawId)/opening"
        model["hasPicks"] = !picks.isEmpty
        model["problem"] = problem?.detail[context.language]
        model["picks"] = picks.map { pick -> [String: Any] in
            let canteen = canteens.first { $0.canteenId == pick.canteenId }
            let input = inputs.canteens.first { $0.canteenId == pick.canteenId }
            return [
                "name": canteen.map { "\($0.schoolName) · \($0.name)" } ?? pick.canteenId.rawValue,
                "share": models.text("patrol.draw.share.\(pick.share.rawValue)", context),
                "weight": input?.weight ?? 0, "factors": input?.factors.joined(separator: ", ") ?? "",
                "inspectors": pick.inspectorIds.map { models.person($0, context) }.joined(separator: ", "),
                "isShort": pick.inspectorIds.count < inputs.inspectorsPerCanteen,
            ]
        }
        return try models.pages.render(
            "draw", context,
            PageMeta(
                title: models.text("patrol.draw.one", context),
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.draw.title", context), PatrolPaths.draws),
                    Crumb(String(draw.drawId.rawValue.suffix(8))),
                ], current: "patrol"), model: model, status: problem?.status ?? .ok)
    }
}
