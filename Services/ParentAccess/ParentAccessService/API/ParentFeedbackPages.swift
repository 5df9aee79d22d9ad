import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// A representative's feedback: list, form, one piece with its history.
struct ParentFeedbackPages: Sendable {
    let desk: FeedbackDesk
    let pages: Pages
    let live: LiveState

    static let home = "/parent/feedback"

    func declare(_ routes: Routes) {
        routes.get("/feedback", .representative, use: list)
        routes.get("/feedback/new", .representative, use: form)
        routes.post(
            "/feedback", .representative,
            options: RouteOptions(bodyLimit: desk.photographs.limits.bodyLimit(files: FeedbackDesk.photosAtMost)),
            use: send)
        routes.get("/feedback/{id}", .representative, use: detail)
        routes.get("/feedback/{id}/photos/{number}", .representative, use: photo)
    }

    private var presenter: FeedbackPresenter { FeedbackPresenter(pages: pages) }

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let filter = try FeedbackFilter(request)
        let page = try await FeedbackStore.page(
            "f.representative_id = \(account.representativeId) AND \(filter.condition)", PageRequest(request),
            desk.pool)
        return try pages.render(
            "feedback_list", context,
            PageMeta(
                title: pages.text("feedback.own_title", context), lead: pages.text("feedback.own_lead", context),
                current: "parent_feedback"),
            model: FeedbackListModel(
                rows: page.items.map { presenter.row($0, path: Self.home, context) }, hasRows: !page.items.isEmpty,
                newPath: "\(Self.home)/new", filters: presenter.filters(filter.state, context), path: Self.home,
                pager: page.pager(path: Self.home)))
    }

    @Sendable func form(_ request: Request, _ context: BrightContext) async throws -> Response {
        try render(request, context, typed: nil, problem: nil)
    }

    @Sendable func send(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let form = try await request.form(context)
        do {
            var check = form.check()
            let canteen: CanteenID = check.id("canteen_id")
            let kind: FeedbackKind? = check.choice("kind")
            let words = check.text("words", maximum: FeedbackDesk.wordsAtMost, screened: true)
            let zone: ZoneCode? = form.optional("zone") == nil ? nil : check.choice("zone")
            try check.done()
            guard let kind else { throw Problem.notFound }
            let draft = FeedbackDesk.Draft(
                canteenId: canteen, kind: kind, zone: zone, words: words, photos: form.files("photo"))
            // Pressed twice on a slow network is one complaint: the form's key finds the first answer.
            let key = request.idempotencyKey(form)
            guard key.map({ WellFormed.isIdentifier($0) }) ?? true else {
                throw Problem.invalid(
                    "_form", code: "not_a_key", zh: "页面已过期，请刷新后重新提交。", en: "Please reload the page and send again.")
            }
            if let known = try await desk.sent(key: key, by: account) { return Response.seeOther(Self.path(known)) }
            let id = try await desk.send(draft, by: account, key: key, context.eventContext())
            return Response.seeOther(Self.path(id))
        } catch let problem as Problem
            where [.unprocessableContent, .tooManyRequests, .serviceUnavailable].contains(problem.status)
        {
            return try render(request, context, typed: form, problem: problem)
        }
    }

    private static func path(_ id: FeedbackID) -> String { "\(home)/\(id)" }

    private func render(
        _ request: Request, _ context: BrightContext, typed: FormData?, problem: Problem?
    ) throws -> Response {
        let (account, _) = try context.representative(live, request)
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        func text(_ key: String) -> String { pages.text("feedback.\(key)", context) }
        let canteens = desk.canteens(of: account, at: context.now)
        let chosen = typed?.optional("canteen_id") ?? (canteens.count == 1 ? canteens[0].canteenId.rawValue : nil)
        let fields = [
            FormField(
                "kind", label: text("kind"), kind: .radio, fault: fault("kind"),
                options: FeedbackKind.allCases.map {
                    .init(
                        value: $0.rawValue, label: pages.label($0, context),
                        isSelected: typed?.optional("kind") == $0.rawValue)
                }),
            FormField(
                "canteen_id", label: text("canteen"), kind: .select, fault: fault("canteen_id"),
                options: canteens.map {
                    .init(
                        value: $0.canteenId.rawValue, label: "\($0.schoolName) \($0.name)",
                        isSelected: chosen == $0.canteenId.rawValue)
                }),
            FormField(
                "zone", label: text("zone"), kind: .select, fault: fault("zone"), isOptional: true,
                options: ZoneCode.allCases.map {
                    .init(
                        value: $0.rawValue, label: pages.label($0, context),
                        isSelected: typed?.optional("zone") == $0.rawValue)
                }),
            FormField(
                "words", label: text("words"), value: typed?.optional("words") ?? "", kind: .area,
                hint: text("words_hint"), fault: fault("words"), maximum: FeedbackDesk.wordsAtMost),
        ]
        return try pages.render(
            "feedback_form", context,
            PageMeta(
                title: text("new_title"),
                crumbs: [Crumb(text("own_title"), Self.home), Crumb(text("new_title"))], lead: text("new_lead"),
                current: "parent_feedback"),
            model: FeedbackFormModel(
                fields: fields,
                fault: fault("photo")
                    ?? problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil },
                photosAtMost: String(FeedbackDesk.photosAtMost)), status: problem?.status ?? .ok)
    }

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let record = try await desk.own(try context.id("id"), account)
        let words = try await desk.words(record.feedbackId)
        let steps = try await FeedbackStore.steps(record.feedbackId, desk.pool)
        return try pages.render(
            "feedback", context,
            PageMeta(
                title: pages.label(record.kind, context),
                crumbs: [
                    Crumb(pages.text("feedback.own_title", context), Self.home),
                    Crumb(pages.label(record.kind, context)),
                ], current: "parent_feedback"),
            model: presenter.detail(
                record, path: Self.path(record.feedbackId), words: words, steps: steps, showsPhotos: true, context))
    }

    @Sendable func photo(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let record = try await desk.own(try context.id("id"), account)
        return Response.photograph(
            try await desk.photograph(record.feedbackId, context.parameters.get("number")))
    }
}

extension Response {
    /// A stored photograph: always a re-encoded JPEG.
    static func photograph(_ bytes: [UInt8]) -> Response {
        .bytes(bytes, contentType: "image/jpeg", cacheControl: "private, no-store")
    }
}
