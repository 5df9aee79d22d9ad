import Contracts
import Hummingbird
import ServiceKit

/// The supervisors' pages about feedback: what waits, one piece, the decision.
struct ModerationPages: Sendable {
    let desk: FeedbackDesk
    let pages: Pages

    static let home = "/parent/moderation"

    func declare(_ routes: Routes) {
        routes.get("/moderation", .read(.moderateFeedback), options: .viewed, use: list)
        routes.get("/moderation/{id}", .read(.moderateFeedback), options: .viewed, use: detail)
        routes.post("/moderation/{id}", .action(.moderateFeedback), use: decide)
        routes.get("/moderation/{id}/photos/{number}", .read(.moderateFeedback), options: .viewed, use: photo)
    }

    private var presenter: FeedbackPresenter { FeedbackPresenter(pages: pages) }

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try FeedbackFilter(request)
        let page = try await FeedbackStore.page(
            "\(FeedbackFilter.area(of: context.requirePrincipal())) AND \(filter.condition)", PageRequest(request),
            desk.pool)
        let path = Self.home + (filter.state.map { "?status=\($0.rawValue)" } ?? "")
        return try pages.render(
            "feedback_list", context,
            PageMeta(
                title: pages.text("feedback.moderation_title", context),
                lead: pages.text("feedback.moderation_lead", context), current: "feedback", isWide: true),
            model: FeedbackListModel(
                rows: page.items.map { presenter.row($0, path: Self.home, context) }, hasRows: !page.items.isEmpty,
                newPath: nil, filters: presenter.filters(filter.state, context), path: Self.home,
                pager: page.pager(path: path)))
    }

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await render(context, typed: nil, problem: nil)
    }

    @Sendable func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: FeedbackID.self)
        let form = try await request.form(context)
        do {
            try await desk.decide(id, form, context)
            return Response.seeOther("\(Self.home)/\(id)")
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await render(context, typed: form, problem: problem)
        }
    }

    @Sendable func photo(_ request: Request, _ context: BrightContext) async throws -> Response {
        let record = try await desk.authorised(try context.id("id"), context, desk.pool)
        return Response.photograph(
            try await desk.photograph(record.feedbackId, context.parameters.get("number")))
    }

    private func render(_ context: BrightContext, typed: FormData?, problem: Problem?) async throws -> Response {
        let record = try await desk.authorised(try context.id("id"), context, desk.pool)
        let words = try await desk.words(record.feedbackId)
        let steps = try await FeedbackStore.steps(record.feedbackId, desk.pool)
        let path = "\(Self.home)/\(record.feedbackId)"
        return try pages.render(
            "feedback", context,
            PageMeta(
                title: pages.label(record.kind, context),
                crumbs: [
                    Crumb(pages.text("feedback.moderation_title", context), Self.home),
                    Crumb(pages.label(record.kind, context)),
                ], current: "feedback"),
            model: presenter.detail(
                record, path: path, words: words, steps: steps, showsPhotos: true,
                decision: context.may(.moderateFeedback)
                    ? decision(record, words, path, typed, problem, context) : nil, context),
            status: problem?.status ?? .ok)
    }

    private func decision(
        _ record: FeedbackRecord, _ words: String?, _ path: String, _ typed: FormData?, _ problem: Problem?,
        _ context: BrightContext
    ) -> FeedbackDecisionModel? {
        func can(_ step: FeedbackState.Step) -> Bool { record.state.after(step, kind: record.kind) != nil }
        let chosen = typed?.optional("decision")
        func field(_ step: String, value: String = "", isOptional: Bool = false) -> FormField {
            FormField(
                "text", label: pages.text("feedback.\(step)_text", context),
                value: chosen == step ? typed?.optional("text") ?? "" : value, kind: .area,
                hint: pages.text("feedback.\(step)_hint", context),
                fault: chosen == step
                    ? problem?.faults.first { $0.field == "text" }?.detail[context.language] : nil,
                isOptional: isOptional, maximum: FeedbackDesk.wordsAtMost)
        }
        let confirm = [
            FormField(
                "zone", label: pages.text("feedback.zone", context), kind: .select,
                options: ZoneCode.allCases.map {
                    .init(value: $0.rawValue, label: pages.label($0, context), isSelected: $0 == record.zone)
                }),
            FormField(
                "severity", label: pages.text("feedback.severity", context), kind: .select,
                options: (1...3).map {
                    .init(
                        value: String($0), label: pages.text("feedback.severity_\($0)", context), isSelected: $0 == 2)
                }), field("confirm"),
        ]
        guard FeedbackState.Step.allCases.contains(where: { $0 != .answer && can($0) }) else { return nil }
        return FeedbackDecisionModel(
            path: path, forward: can(.forward) ? field("forward", value: words ?? "") : nil,
            hasPhotos: record.photos > 0, refuse: can(.refuse) ? field("refuse") : nil, confirm: confirm,
            canConfirm: can(.confirm),
            close: can(.close) && record.state != .confirmed ? field("close", isOptional: true) : nil)
    }
}
