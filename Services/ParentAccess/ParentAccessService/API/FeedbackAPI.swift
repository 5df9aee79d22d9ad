import Contracts
import HTTPTypes
import Hummingbird
import Postgres
import ServiceKit

/// Feedback as JSON, for its reporter, the supervisors and the school. Lists: `page`, `per_page`, `status`,
/// `updated_since`, and the total.
struct FeedbackAPI: Sendable {
    let desk: FeedbackDesk
    let live: LiveState

    func declare(_ routes: Routes) {
        let group = routes.group("/v1")
        group.get("/me/feedback", .representative, use: own)
        group.get("/me/feedback/{id}", .representative, use: ownOne)
        group.get("/feedback", .read(.moderateFeedback), options: .viewed, use: supervised)
        group.get("/feedback/{id}", .read(.moderateFeedback), options: .viewed, use: supervisedOne)
        group.post("/feedback/{id}/decision", .action(.moderateFeedback), use: decide)
        group.get("/school/feedback", .action(.replyToFinding), options: .viewed, use: ofSchool)
        group.post("/school/feedback/{id}/answer", .action(.replyToFinding), use: answer)
    }

    // MARK: the reporter

    @Sendable func own(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let page = try await FeedbackStore.page(
            "f.representative_id = \(account.representativeId) AND \(FeedbackFilter(request).condition)",
            PageRequest(request), desk.pool)
        return try Response.json(page.map { OwnFeedback($0) })
    }

    @Sendable func ownOne(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let record = try await desk.own(try context.id("id"), account)
        return try Response.json(
            OwnFeedback(
                record, words: try await desk.words(record.feedbackId),
                steps: try await FeedbackStore.steps(record.feedbackId, desk.pool)))
    }

    // MARK: supervisors

    @Sendable func supervised(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await FeedbackStore.page(
            "\(FeedbackFilter.area(of: context.requirePrincipal())) AND \(FeedbackFilter(request).condition)",
            PageRequest(request), desk.pool)
        return try Response.json(page.map { SupervisedFeedback($0, now: context.now) })
    }

    @Sendable func supervisedOne(_ request: Request, _ context: BrightContext) async throws -> Response {
        let record = try await desk.authorised(try context.id("id"), context, desk.pool)
        return try Response.json(
            SupervisedFeedback(
                record, now: context.now, words: try await desk.words(record.feedbackId),
                steps: try await FeedbackStore.steps(record.feedbackId, desk.pool)))
    }

    @Sendable func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: FeedbackID.self)
        let wanted = try await request.json(FeedbackDecision.self, context)
        var values = [("text", wanted.text ?? ""), ("decision", wanted.decision)]
        if let zone = wanted.zone { values.append(("zone", zone.rawValue)) }
        if let severity = wanted.severity { values.append(("severity", String(severity))) }
        if wanted.withPhotos == true { values.append(("with_photos", "yes")) }
        try await desk.decide(id, FormData(values: values.map { (name: $0.0, value: $0.1) }), context)
        return Response.noContent()
    }

    // MARK: the school

    @Sendable func ofSchool(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let school = try context.requirePrincipal().schoolId else { throw Problem.forbidden }
        let page = try await FeedbackStore.page(
            "f.school_id = \(school) AND f.passed_on IS NOT NULL AND \(FeedbackFilter(request).condition)",
            PageRequest(request), desk.pool)
        return try Response.json(page.map { SchoolFeedback($0, now: context.now) })
    }

    @Sendable func answer(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: FeedbackID.self)
        let wanted = try await request.json(FeedbackReply.self, context)
        var check = FormData(values: [(name: "text", value: wanted.text)]).check()
        let text = check.text("text", maximum: FeedbackDesk.wordsAtMost, screened: true)
        try check.done()
        try await desk.answer(id, text: text, context)
        return Response.noContent()
    }
}
