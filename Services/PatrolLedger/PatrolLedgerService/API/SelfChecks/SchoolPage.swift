import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The school's to-do page: which self-checks are due, which problems wait, what is overdue.
struct SchoolPage: Sendable {
    let desk: PatrolDesk
    let models: PageModels
    static let shownProblems = 20

    func declare(_ routes: Routes) {
        routes.get("/school", .action(.draftSchoolItems)) { _, context in
            try await answering { try await show(context) }
        }
    }

    private func show(_ context: BrightContext) async throws -> Response {
        let caller = try context.caller()
        let today = LocalDate(context.now)
        let visible = try await desk.visibleCanteens(caller, .draftSchoolItems, intent: .perform)
        let open = try await desk.pool.openSelfChecks(visible: visible, today: today)
        let week = SelfCheckSelection(
            state: .missed, from: Week(containing: today).monday.adding(days: -28), to: today)
        let missed = try await desk.pool.selfChecks(visible: visible, week, limit: 10, offset: 0)
        let missedCount = try await desk.pool.selfCheckCount(visible: visible, week)
        let lines = SelfCheckLines(models: models)
        var model: [String: Any] = [
            "due": open.map { lines.line(SelfCheckView($0), context) }, "hasDue": !open.isEmpty,
            "missed": missed.map { lines.line(SelfCheckView($0), context) }, "hasMissed": !missed.isEmpty,
            "missedTitle": models.text("patrol.school.missed", context, ["n": "\(missedCount)"]),
            "missedPath": "\(PatrolPaths.selfChecks)?show=list&state=missed",
            "selfChecksPath": PatrolPaths.selfChecks, "problemsPath": PatrolPaths.problems,
            "seesProblems": context.may(.seeProblem, intent: .read),
        ]
        if context.may(.seeProblem, intent: .read) {
            let problems = try await desk.pool.problems(
                visible: try await desk.visibleProblems(caller), .open, now: context.now,
                limit: Self.shownProblems, offset: 0)
            let total = try await desk.pool.problemCount(
                visible: try await desk.visibleProblems(caller), .open, now: context.now)
            let waiting = problems.filter { $0.problem.state.waitsForSchool }
                .sorted { $0.problem.rectifyBy < $1.problem.rectifyBy }
            model["problems"] = waiting.map { models.problemLine($0, context) }
            model["hasProblems"] = !waiting.isEmpty
            model["problemsTitle"] = models.text("patrol.school.problems", context, ["n": "\(total)"])
        }
        return try models.pages.render(
            "school", context,
            PageMeta(
                title: models.text("patrol.school.title", context), lead: models.text("patrol.school.lead", context),
                current: "school_tasks"), model: model)
    }
}
