import Access
import Calendar
import Contracts
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// `/notification/templates`: the wordings of messages to persons, as numbered versions of the city.
struct TemplateRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages

    func declare(_ routes: Routes) {
        routes.get("/templates", .read(.changeRules)) { _, context in
            try await list(context, draft: nil, faults: [], status: .ok)
        }
        routes.post("/templates/{name}/{language}", .action(.changeRules)) { request, context in
            try await save(request, context)
        }
    }

    private func current() async throws -> [MessageTemplate] {
        var all: [MessageTemplate] = []
        for name in MessageTemplate.Name.allCases {
            for language in Language.allCases { all.append(try await TemplateStore.current(name, language, pool)) }
        }
        return all
    }

    private func list(
        _ context: BrightContext, draft: MessageTemplate?, faults: [FieldFault], status: HTTPResponse.Status
    ) async throws -> Response {
        let templates = try await current()
        guard context.wantsPage else { return try .json(["items": templates]) }
        return try pages.render(
            "templates", context,
            PageMeta(
                title: pages.text("notification.templates.title", context),
                lead: pages.text("notification.templates.lead", context), current: "deliveries", isWide: true),
            model: TemplatesPage(templates, draft: draft, faults: faults, pages, context), status: status)
    }

    private struct Wording: Decodable {
        var subject: String
        var body: String
    }

    private func save(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let name = context.parameters.get("name").flatMap(MessageTemplate.Name.init(rawValue:)),
            let language = context.parameters.get("language").flatMap(Language.init(rawValue:))
        else { throw Problem.notFound }
        var wording = Wording(subject: "", body: "")
        if context.wantsPage {
            let form = try await request.form(context)
            wording = Wording(subject: form.optional("subject") ?? "", body: form.optional("body") ?? "")
        } else {
            wording = try await request.json(Wording.self, context)
        }
        let faults =
            Self.faults("subject", wording.subject, MessageTemplate.maximumSubject, name)
            + Self.faults("body", wording.body, MessageTemplate.maximumBody, name)
        guard faults.isEmpty else {
            guard context.wantsPage else { throw Problem(faults: faults) }
            let draft = MessageTemplate(
                name: name, language: language, version: 0, subject: wording.subject, body: wording.body)
            return try await list(context, draft: draft, faults: faults, status: .unprocessableContent)
        }
        let person = try context.requirePrincipal().personId
        let eventContext = try context.eventContext()
        let now = context.now
        let text = wording
        let version = try await pool.transaction { transaction in
            let version = try await TemplateStore.save(
                name, language, subject: text.subject, body: text.body, by: person, now: now, transaction)
            try await transaction.record(
                "brightkitchen.notification.template.changed.v1", subject: name.rawValue,
                data: Changed(
                    name: name, language: language, version: version, subject: text.subject, body: text.body),
                eventContext, occurredAt: now)
            return version
        }
        return context.wantsPage
            ? .seeOther("/notification/templates") : try .json(["version": version], status: .created)
    }

    private struct Changed: Encodable {
        let name: MessageTemplate.Name
        let language: Language
        let version: Int
        let subject: String
        let body: String
    }

    private static func faults(
        _ field: String, _ text: String, _ maximum: Int, _ name: MessageTemplate.Name
    ) -> [FieldFault] {
        if text.isEmpty {
            return [
                FieldFault(
                    field: field, code: "missing", detail: LocalizedText(zh: "此项必填。", en: "This field is required."))
            ]
        }
        if text.count > maximum {
            return [
                FieldFault(
                    field: field, code: "too_long",
                    detail: LocalizedText(zh: "最多 \(maximum) 个字。", en: "At most \(maximum) characters."),
                    allowed: "≤ \(maximum)")
            ]
        }
        let unknown = MessageTemplate.unknownFields(in: text, of: name)
        guard unknown.isEmpty else {
            let names = unknown.map { "{\($0)}" }.joined(separator: " ")
            return [
                FieldFault(
                    field: field, code: "unknown_field",
                    detail: LocalizedText(zh: "没有这些变量：\(names)", en: "There is no such field: \(names)"),
                    allowed: name.fields.map { "{\($0)}" }.joined(separator: " "))
            ]
        }
        do {
            try PersonalDataScreen.check(field: field, text: text)
            return []
        } catch let problem as Problem {
            return problem.faults
        } catch {
            return []
        }
    }
}
