import Contracts
import Hummingbird
import ServiceKit

/// The school's pages about feedback: what the supervisors passed on, without the reporter, and the school's answer.
struct SchoolFeedbackPages: Sendable {
    let desk: FeedbackDesk
    let pages: Pages

    static let home = "/parent/school/feedback"

    func declare(_ routes: Routes) {
        routes.get("/school/feedback", .action(.replyToFinding), options: .viewed, use: list)
        routes.get("/school/feedback/{id}", .action(.replyToFinding), options: .viewed, use: detail)
        routes.post("/school/feedback/{id}/answer", .action(.replyToFinding), use: answer)
        routes.get("/school/feedback/{id}/photos/{number}", .action(.replyToFinding), options: .viewed, use: photo)
    }

    private var presenter: FeedbackPresenter { FeedbackPresenter(pages: pages) }

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let school = try context.requirePrincipal().schoolId else { throw Problem.forbidden }
        let filter = try FeedbackFilter(request)
        let page = try await FeedbackStore.page(
            "f.school_id = \(school) AND f.passed_on IS NOT NULL AND \(filter.condition)", PageRequest(request),
            desk.pool)
        return try pages.render(
            "feedback_list", context,
            PageMeta(
                title: pages.text("feedback.school_title", context),
                lead: pages.text("feedback.school_lead", context), current: "school_feedback", isWide: true),
            model: FeedbackListModel(
                rows: page.items.map { presenter.row($0, path: Self.home, context) }, hasRows: !page.items.isEmpty,
                newPath: nil, filters: presenter.filters(filter.state, context), path: Self.home,
                pager: page.pager(path: Self.home)))
    }

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await render(context, typed: nil, problem: nil)
    }

    @Sendable func answer(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: FeedbackID.self)
        let form = try await request.form(context)
        do {
            var check = form.check()
            let text = check.text("text", maximum: FeedbackDesk.wordsAtMost, screened: true)
            try check.done()
            try await desk.answer(id, text: text, context)
            return Response.seeOther("\(Self.home)/\(id)")
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await render(context, typed: form, problem: problem)
        }
    }

    @Sendable func photo(_ request: Request, _ context: BrightContext) async throws -> Response {
        let record = try await desk.ofSchool(try context.id("id"), context, desk.pool)
        guard record.passesPhotos else { throw Problem.notFound }
        return Response.photograph(
            try await desk.photograph(record.feedbackId, context.parameters.get("number")))
    }

    private func render(_ context: BrightContext, typed: FormData?, problem: Problem?) async throws -> Response {
        let record = try await desk.ofSchool(try context.id("id"), context, desk.pool)
        let path = "\(Self.home)/\(record.feedbackId)"
        let field = FormField(
            "text", label: pages.text("feedback.answer", context), value: typed?.optional("text") ?? "", kind: .area,
            hint: pages.text("feedback.answer_hint", context),
            fault: problem?.faults.first { $0.field == "text" }?.detail[context.language],
            maximum: FeedbackDesk.wordsAtMost)
        let canAnswer = record.state.after(.answer, kind: record.kind) != nil
        return try pages.render(
            "feedback", context,
            PageMeta(
                title: pages.label(record.kind, context),
                crumbs: [
                    Crumb(pages.text("feedback.school_title", context), Self.home),
                    Crumb(pages.label(record.kind, context)),
                ], current: "school_feedback"),
            // Neither the words nor the history: their times would tell who it was.
            model: presenter.detail(
                record, path: path, words: nil, steps: [], showsPhotos: record.passesPhotos,
                answerForm: canAnswer ? FeedbackAnswerModel(path: "\(path)/answer", field: field) : nil, context),
            status: problem?.status ?? .ok)
    }
}
