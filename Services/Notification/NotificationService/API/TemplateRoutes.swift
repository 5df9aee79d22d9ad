import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/templates`: the wordings of messages to persons as numbered versions, tried with example values, changed
/// by two persons.
struct TemplateRoutes: Sendable {
    let runtime: ServiceRuntime
    let approvals: Approvals

    private var pool: PostgresPool { runtime.pool }
    private var pages: Pages { runtime.pages }

    func declare(_ routes: Routes) {
        routes.get("/templates", .read(.changeRules)) { _, context in try await list(context) }
        routes.get("/templates/{name}/{language}", .read(.changeRules)) { _, context in try await one(context) }
        routes.post("/templates/{name}/{language}/preview", .action(.changeRules)) { request, context in
            try await preview(request, context)
        }
        routes.post("/templates/{name}/{language}", .action(.changeRules)) { request, context in
            try await propose(request, context)
        }
    }

    private func list(_ context: BrightContext) async throws -> Response {
        var all: [MessageTemplate] = []
        for name in MessageTemplate.Name.allCases {
            for language in Language.allCases { all.append(try await TemplateStore.current(name, language, pool)) }
        }
        guard context.wantsPage else { return try .json(["items": all]) }
        return try pages.render(
            "templates", context, meta(context),
            model: TemplatesPage(all, approvalsPath: approvals.path, pages, context))
    }

    private func meta(_ context: BrightContext, _ template: MessageTemplate? = nil) -> PageMeta {
        let home = pages.text("notification.templates.title", context)
        guard let template else {
            return PageMeta(
                title: home, lead: pages.text("notification.templates.lead", context), current: "deliveries",
                isWide: true)
        }
        return PageMeta(
            title: TemplatesPage.title(template, pages, context),
            crumbs: [Crumb(home, "/notification/templates"), Crumb(TemplatesPage.title(template, pages, context))],
            current: "deliveries", isWide: true)
    }

    private func current(_ context: BrightContext) async throws -> MessageTemplate {
        guard let name = context.parameters.get("name").flatMap(MessageTemplate.Name.init(rawValue:)),
            let language = context.parameters.get("language").flatMap(Language.init(rawValue:))
        else { throw Problem.notFound }
        return try await TemplateStore.current(name, language, pool)
    }

    private struct Detail: Encodable {
        let current: MessageTemplate
        let versions: [TemplateStore.Version]
    }

    private func one(_ context: BrightContext) async throws -> Response {
        let current = try await current(context)
        let versions = try await TemplateStore.versions(current.name, current.language, pool)
        guard context.wantsPage else { return try .json(Detail(current: current, versions: versions)) }
        return try render(current, TemplateDraft(current), versions, example: nil, problem: nil, context)
    }

    private func render(
        _ current: MessageTemplate, _ draft: TemplateDraft, _ versions: [TemplateStore.Version],
        example: MessageTemplate?, problem: Problem?, _ context: BrightContext
    ) throws -> Response {
        try pages.render(
            "template", context, meta(context, current),
            model: TemplatePage(current, draft, versions, example: example, problem: problem, pages, context),
            status: problem?.status ?? .ok)
    }

    private struct Example: Encodable {
        let subject: String
        let body: String
    }

    private func draft(_ request: Request, _ context: BrightContext) async throws -> TemplateDraft {
        guard context.wantsPage else { return try await request.json(TemplateDraft.self, context) }
        let form = try await request.form(context)
        return TemplateDraft(
            subject: form.optional("subject") ?? "", body: form.optional("body") ?? "",
            baseVersion: form.optional("base").flatMap { Int($0) }, reason: form.optional("reason"))
    }

    /// What it would look like; nothing is proposed. Unknown fields are refused here already.
    private func preview(_ request: Request, _ context: BrightContext) async throws -> Response {
        let current = try await current(context)
        let draft = try await draft(request, context)
        let wanted = draft.template(current)
        let faults = TemplateCheck.faults(wanted)
        guard context.wantsPage else {
            guard faults.isEmpty else { throw Problem(faults: faults) }
            let text = wanted.render(MessageSample.values(wanted.name, wanted.language))
            return try .json(Example(subject: text.subject, body: text.body))
        }
        let versions = try await TemplateStore.versions(current.name, current.language, pool)
        return try render(
            current, draft, versions, example: faults.isEmpty ? wanted : nil,
            problem: faults.isEmpty ? nil : Problem(faults: faults), context)
    }

    private struct Proposed: Encodable {
        let approvalId: String
        let contentSha256: String
    }

    private func propose(_ request: Request, _ context: BrightContext) async throws -> Response {
        let current = try await current(context)
        let draft = try await draft(request, context)
        do {
            let approval = try await propose(draft, current, context)
            guard !context.wantsPage else { return .seeOther(approvals.path) }
            return try .json(
                Proposed(approvalId: approval.id, contentSha256: approval.contentSHA256), status: .created)
        } catch let problem as Problem
            where context.wantsPage && (problem.status == .unprocessableContent || problem.status == .conflict)
        {
            let versions = try await TemplateStore.versions(current.name, current.language, pool)
            return try render(current, draft, versions, example: nil, problem: problem, context)
        }
    }

    private func propose(
        _ draft: TemplateDraft, _ current: MessageTemplate, _ context: BrightContext
    ) async throws -> Approval {
        let wanted = draft.template(current)
        var check = FormData(values: [(name: "reason", value: draft.reason ?? "")]).check()
        let reason = check.text("reason", maximum: 500, screened: true)
        for fault in TemplateCheck.faults(wanted) { check.fail(fault) }
        try check.done()
        if let base = draft.baseVersion, base != current.version { throw TemplateBook.changedMeanwhile }
        guard wanted.subject != current.subject || wanted.body != current.body else {
            throw Problem.conflict(code: "nothing_changed", zh: "与现行模板相同。", en: "This is the wording that is in force.")
        }
        let approvals = approvals
        return try await pool.transaction { transaction in
            try await approvals.propose(
                TemplateBook.kindName, subject: TemplateBook.subject(current.name, current.language),
                content: TemplateBook.Proposal(
                    name: current.name, language: current.language, baseVersion: current.version,
                    subject: wanted.subject, body: wanted.body),
                reason: reason, context, in: transaction)
        }
    }
}
