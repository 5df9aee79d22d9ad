import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The officer's week: what is due, by when, what waits, one click to start.
struct HomePage: Sendable {
    let desk: PatrolDesk
    let models: PageModels
    static let shownSuggestions = 6

    func declare(_ routes: Routes) {
        routes.get("/", .read(.seePatrolPlan)) { request, context in
            try await answering { try await show(request, context) }
        }
    }

    private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        // The auditor has no week of their own: the ledger is where they read.
        guard context.principal?.organId != nil else { return .seeOther(PatrolPaths.ledger) }
        let caller = try context.caller()
        let organ = try await desk.ownOrgan(caller)
        let pool = desk.pool
        let status = try await desk.weekStatus(of: organ, pool)
        let suggestions = try await pool.suggestions(for: organ, today: LocalDate(context.now), now: context.now)
        let visible = try await desk.visibleProblems(caller)
        let waiting = try await pool.problems(visible: visible, .waiting, now: context.now, limit: 10, offset: 0)
        let openCount = try await pool.problemCount(visible: visible, .open, now: context.now)
        let overdueCount = try await pool.problemCount(visible: visible, .overdue, now: context.now)
        let recent = try await pool.patrols(of: organ.organId, limit: 8, offset: 0)
        let history = try await pool.weeks(of: organ.organId, limit: 8)
        let model: [String: Any] = [
            "week": weekModel(status, context),
            "newPath": PatrolPaths.new, "drawsPath": PatrolPaths.draws,
            "openPatrols": recent.filter(\.state.isOpen).map { patrolLine($0, context) },
            "closedPatrols": recent.filter { !$0.state.isOpen }.map { patrolLine($0, context) },
            "suggestions": suggestions.prefix(Self.shownSuggestions).map {
                models.suggestion($0, context, isSelected: false)
            },
            "waiting": waiting.map { models.problemLine($0, context) },
            "openProblems": openCount, "overdueProblems": overdueCount, "hasOverdue": overdueCount > 0,
            "problemsPath": PatrolPaths.problems, "ledgerPath": PatrolPaths.ledger,
            "history": history.map { weekLine($0, context) }, "hasHistory": !history.isEmpty,
            "hasOpenPatrols": recent.contains(where: \.state.isOpen), "hasWaiting": !waiting.isEmpty,
            "hasRecent": recent.contains { !$0.state.isOpen },
        ]
        return try models.pages.render(
            "home", context,
            PageMeta(title: models.text("patrol.home.title", context), lead: organ.name, current: "patrol"),
            model: model)
    }

    private func weekModel(_ status: WeekStatus, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "label": status.week, "from": status.firstDay.iso, "to": status.lastDay.iso,
            "done": status.patrolsDone, "goal": 1, "required": status.required, "quota": status.quota,
            "operating": status.operating, "isOpen": status.state == .open, "isSatisfied": status.state == .satisfied,
            "isExempt": status.state == .exempt, "isMissed": status.state == .missed,
            "isProvisional": status.provisional,
            "state": models.text("patrol.week.\(status.state.rawValue)", context),
            "task": models.text("patrol.week.task", context, ["n": "\(status.required)"]),
            "daysLeft": models.text("patrol.week.days_left", context, ["n": "\(status.daysLeft)"]),
            "isReduced": status.required < status.quota && status.required > 0,
            "reduced": models.text(
                "patrol.week.reduced", context, ["quota": "\(status.quota)", "operating": "\(status.operating)"]),
            "style": status.state == .open ? "warn" : status.state == .missed ? "error" : "ok",
        ]
        if let exemption = status.exemption { model["exemption"] = models.text("patrol.exempt.\(exemption)", context) }
        if let patrol = status.patrolId { model["patrolPath"] = PatrolPaths.patrol(patrol) }
        return model
    }

    private func weekLine(_ week: WeekRecord, _ context: BrightContext) -> [String: Any] {
        let style =
            switch week.status {
            case .satisfied: "ok"
            case .exempt: "info"
            case .missed: "error"
            }
        return [
            "label": week.week, "state": models.text("patrol.week.\(week.status.rawValue)", context), "style": style,
        ]
    }

    func patrolLine(_ patrol: PatrolRecord, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "href": PatrolPaths.patrol(patrol.patrolId), "state": models.patrolState(patrol.state, context),
            "basis": models.basis(patrol.basis, context),
            "at": DisplayTime.minute(patrol.startedAt ?? patrol.plannedAt),
        ]
        if let number = patrol.ledgerNumber { model["number"] = number }
        if let counted = patrol.counted, let required = patrol.required { model["result"] = "\(counted) / \(required)" }
        return model
    }
}
