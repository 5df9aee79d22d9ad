import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// A patrol as a whole: its canteens and zones, what is still missing, submit and cancel.
struct PatrolPage: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/patrols/{patrol}", .read(.seePatrolPlan)) { _, context in
            try await answering { try await show(context, problem: nil) }
        }
        routes.post("/patrols/{patrol}/start", .action(.runPatrol)) { request, context in
            try await act(request, context) { desk, caller, _, id in try await desk.start(id, by: caller) }
        }
        routes.post("/patrols/{patrol}/submit", .action(.runPatrol)) { request, context in
            try await act(request, context) { desk, caller, _, id in _ = try await desk.close(id, by: caller) }
        }
        routes.post("/patrols/{patrol}/cancel", .action(.runPatrol)) { request, context in
            try await act(request, context) { desk, caller, form, id in
                try await desk.cancel(id, reason: form.optional("reason"), by: caller)
            }
        }
        routes.post("/patrols/{patrol}/canteens", .action(.runPatrol)) { request, context in
            try await act(request, context) { desk, caller, form, id in
                let ids = form.all("canteen_ids").filter { WellFormed.isIdentifier($0) }.map(CanteenID.init(rawValue:))
                try await desk.add(ids, to: id, by: caller)
            }
        }
    }

    /// Does it and shows the patrol again; what the officer can correct is told on the page itself.
    private func act(
        _ request: Request, _ context: BrightContext,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller, FormData, PatrolID) async throws -> Void
    ) async throws -> Response {
        let id: PatrolID = try context.id("patrol")
        let form = try await request.form(context)
        do {
            return try await commands.form(form, request, context) { desk, caller in
                try await command(desk, caller, form, id)
                return Response.seeOther(PatrolPaths.patrol(id))
            }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await answering { try await show(context, problem: problem) }
        }
    }

    private func show(_ context: BrightContext, problem: Problem?) async throws -> Response {
        let caller = try context.caller()
        let id: PatrolID = try context.id("patrol")
        let review = try await desk.readPatrol(id, for: caller)
        let patrol = review.patrol
        let isOwn = patrol.organId == caller.principal.organId && context.may(.runPatrol)
        var model: [String: Any] = [
            "id": id.rawValue, "path": PatrolPaths.patrol(id), "state": models.patrolState(patrol.state, context),
            "basis": models.basis(patrol.basis, context),
            "isPlanned": patrol.state == .planned && isOwn, "isRunning": patrol.state == .inProgress && isOwn,
            "isClosed": patrol.state == .closed || patrol.state == .short, "isShort": patrol.state == .short,
            "canAdd": patrol.state.isOpen && isOwn, "canteens": review.canteens.map { canteen($0, patrol, context) },
            "planner": models.person(patrol.plannedBy, context),
        ]
        if let problem { model["problem"] = problem.detail[context.language] }
        if let reference = patrol.basisReference { model["reference"] = reference }
        if let started = patrol.startedAt { model["startedAt"] = DisplayTime.minute(started) }
        if let closed = patrol.closedAt { model["closedAt"] = DisplayTime.minute(closed) }
        if let reason = patrol.cancelReason { model["cancelReason"] = reason }
        if let number = patrol.ledgerNumber {
            model["ledgerNumber"] = number
            model["ledgerPath"] = PatrolPaths.ledgerEntry(number)
        }
        let problems = try await desk.pool.problems(ofPatrol: id)
        model["hasProblems"] = !problems.isEmpty
        model["problems"] = problems.map { problem in
            models.problemLine(
                ProblemListing(
                    problem: problem,
                    canteenName: review.canteens.first { $0.canteen.canteenId == problem.canteenId }?.canteen.name
                        ?? "",
                    schoolName: ""), context)
        }
        if isOwn { model.merge(try await submission(review, context, caller)) { _, new in new } }
        return try models.pages.render(
            "patrol", context,
            PageMeta(
                title: models.text(
                    "patrol.one.title", context, ["at": DisplayTime.minute(patrol.startedAt ?? patrol.plannedAt)]),
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.one.crumb", context)),
                ], current: "patrol"), model: model, status: problem?.status ?? .ok)
    }

    private func canteen(
        _ canteen: PatrolReview.Canteen, _ patrol: PatrolRecord, _ context: BrightContext
    ) -> [String: Any] {
        let minimum = desk.rules.minimumViewSeconds
        let counts = canteen.count.counts(minimumViewSeconds: minimum)
        return [
            "id": canteen.canteen.canteenId.rawValue, "name": canteen.canteen.name,
            "school": canteen.canteen.schoolName,
            "isDark": canteen.isDark, "counts": counts,
            "verdict": models.text(counts ? "patrol.canteen.counts" : "patrol.canteen.counts_not", context),
            "zones": canteen.zones.map { zone -> [String: Any] in
                let isSubmitted = zone.sheet?.isSubmitted == true
                let filled = zone.sheet?.findings.filter { $0.result != nil }.count ?? 0
                let total = desk.checklist.items(of: zone.code).count
                let violations = zone.sheet?.sheet.count(.violation) ?? 0
                return [
                    "href": PatrolPaths.zone(patrol.patrolId, canteen.canteen.canteenId, zone.code),
                    "name": models.pages.label(zone.code, context), "code": zone.code.rawValue,
                    "viewed": models.text(
                        "patrol.zone.viewed", context, ["n": "\(zone.viewedSeconds)", "minimum": "\(minimum)"]),
                    "isViewed": zone.viewedSeconds >= minimum, "isSubmitted": isSubmitted,
                    "isLate": zone.sheet?.isLate == true,
                    "filled": "\(filled) / \(total)", "hasViolations": violations > 0, "violations": violations,
                    "hasNoSignal": !zone.cameras.contains { $0.delivers },
                ]
            },
        ]
    }

    /// What the officer is told before submitting: how far it goes towards the quota, and what will be left out.
    private func submission(
        _ review: PatrolReview, _ context: BrightContext, _ caller: PatrolDesk.Caller
    ) async throws -> [String: Any] {
        let organ = try await desk.ownOrgan(caller)
        let status = try await desk.weekStatus(of: organ, desk.pool)
        let counted = review.countedCanteens(minimumViewSeconds: desk.rules.minimumViewSeconds).count
        var missing: [String] = []
        for canteen in review.canteens {
            let drafts = canteen.zones.filter { $0.sheet != nil && $0.sheet?.isSubmitted == false }
            if canteen.isDark {
                missing.append(models.text("patrol.missing.dark", context, ["canteen": canteen.canteen.name]))
            } else if canteen.zones.allSatisfy({ $0.sheet?.isSubmitted != true }) {
                missing.append(models.text("patrol.missing.no_sheet", context, ["canteen": canteen.canteen.name]))
            } else if !canteen.count.counts(minimumViewSeconds: desk.rules.minimumViewSeconds) {
                missing.append(models.text("patrol.missing.not_viewed", context, ["canteen": canteen.canteen.name]))
            }
            for zone in drafts {
                missing.append(
                    models.text(
                        "patrol.missing.draft", context,
                        ["canteen": canteen.canteen.name, "zone": models.pages.label(zone.code, context)]))
            }
        }
        let suggestions =
            review.patrol.state.isOpen
            ? try await desk.pool.suggestions(for: organ, today: LocalDate(context.now), now: context.now) : []
        let chosen = Set(review.canteens.map(\.canteen.canteenId))
        return [
            "counted": counted, "required": status.required, "isEnough": counted >= status.required && counted > 0,
            "missing": missing, "hasMissing": !missing.isEmpty,
            "addable": suggestions.filter { !chosen.contains($0.canteenId) }.map {
                models.suggestion($0, context, isSelected: false)
            },
        ]
    }
}
