import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Starting a patrol: the basis, and canteens in the order of the transparent score.
struct NewPatrolPage: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/patrols/new", .action(.runPatrol)) { request, context in
            let chosen = try request.query("canteen").map { [$0] } ?? []
            return try await answering {
                try await show(context, basis: [], reference: nil, chosen: chosen, problem: nil)
            }
        }
        routes.post("/patrols", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            let order = PatrolOrder(
                basis: form.all("basis").compactMap(PatrolBasis.init(rawValue:)),
                basisReference: form.optional("basis_reference"),
                canteenIds: form.all("canteen_ids").filter { WellFormed.isIdentifier($0) }.map(
                    CanteenID.init(rawValue:)),
                start: form.optional("do") != "plan")
            do {
                return try await commands.form(form, request, context) { desk, caller in
                    let id = try await desk.open(order, by: caller)
                    return Response.seeOther(PatrolPaths.patrol(id))
                }
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await answering {
                    try await show(
                        context, basis: order.basis, reference: order.basisReference,
                        chosen: order.canteenIds.map(\.rawValue), problem: problem)
                }
            }
        }
    }

    private func show(
        _ context: BrightContext, basis: [PatrolBasis], reference: String?, chosen: [String], problem: Problem?
    ) async throws -> Response {
        let organ = try await desk.ownOrgan(try context.caller())
        let status = try await desk.weekStatus(of: organ, desk.pool)
        let suggestions = try await desk.pool.suggestions(for: organ, today: LocalDate(context.now), now: context.now)
        // Nothing chosen yet: the first ones that fill the week's task and deliver a picture are ticked.
        var selected = Set(chosen)
        if chosen.isEmpty && problem == nil {
            selected = Set(
                suggestions.filter { $0.camerasDelivering > 0 }.prefix(status.required).map(\.canteenId.rawValue))
        }
        let model: [String: Any] = [
            "required": status.required,
            "need": models.text("patrol.new.need", context, ["n": "\(status.required)"]),
            "hasFaults": problem != nil,
            "faults": (problem?.faults ?? []).map { ["field": $0.field, "detail": $0.detail[context.language]] },
            "reference": reference ?? "",
            "basis": PatrolBasis.allCases.map { choice in
                [
                    "value": choice.rawValue, "label": models.text("patrol.basis.\(choice.rawValue)", context),
                    "isSelected": basis.contains(choice),
                ] as [String: Any]
            },
            "canteens": suggestions.map {
                models.suggestion($0, context, isSelected: selected.contains($0.canteenId.rawValue))
            },
            "homePath": PatrolPaths.home,
        ]
        return try models.pages.render(
            "patrol_new", context,
            PageMeta(
                title: models.text("patrol.new.title", context),
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.new.title", context)),
                ], lead: models.text("patrol.new.lead", context), current: "patrol"), model: model,
            status: problem?.status ?? .ok)
    }
}
