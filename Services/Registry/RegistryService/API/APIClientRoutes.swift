import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// Programs of departments and integrators: the security administrator proposes, a second one approves; then secrets.
struct APIClientRoutes: Sendable {
    let runtime: ServiceRuntime
    let signIn: SignIn
    let approvals: Approvals

    func declare(_ routes: Routes) {
        routes.get("/api-clients", .read(.grantRoles)) { request, context in try await showList(request, context) }
        routes.post("/api-clients", .action(.grantRoles), use: propose)
        routes.get("/api-clients/{id}", .read(.grantRoles)) { request, context in try await show(context) }
        routes.post("/api-clients/{id}/secrets", .action(.grantRoles), use: addSecret)
        routes.post("/api-clients/{id}/keys", .action(.grantRoles), use: setKeys)
        routes.post("/api-clients/{id}/revoke", .action(.grantRoles), use: revoke)
    }

    private var pages: Pages { runtime.pages }
    private var desk: APIClientDesk { APIClientDesk(runtime: runtime, signIn: signIn, approvals: approvals) }

    private struct Row {
        let id: String
        let name: String
        let organ: String
        let scopes: String
        let days: String
        let lastUsed: String
        let isRevoked: Bool
        let path: String
    }

    private struct ListModel {
        let rows: [Row]
        let pager: Pager
        let mayAct: Bool
        let hasFaults: Bool
        let faults: [[String: String]]
        let fields: [FormField]
    }

    private func row(_ client: APIClientStore.Client, _ context: BrightContext) -> Row {
        Row(
            id: client.id, name: client.name, organ: client.organName ?? "—",
            scopes: client.scopes.map(\.rawValue).joined(separator: ", "),
            days: client.validFrom.iso + " – " + (client.validTo?.iso ?? ""),
            lastUsed: client.lastUsedAt.map { $0.cityMinute + " · " + (client.lastAddress ?? "") } ?? "—",
            isRevoked: client.revokedAt != nil, path: "/registry/api-clients/\(client.id)")
    }

    private func showList(
        _ request: Request, _ context: BrightContext, form: FormData? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let page = try await APIClientStore.page(
            form == nil ? try PageRequest(request) : PageRequest(), runtime.pool)
        let faults = problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? []
        return try pages.render(
            "api-clients", context,
            PageMeta(
                title: pages.text("clients.title", context), lead: pages.text("clients.lead", context),
                current: "api_clients", isWide: true),
            model: ListModel(
                rows: page.items.map { row($0, context) }, pager: page.pager(path: "/registry/api-clients"),
                mayAct: context.may(.grantRoles), hasFaults: problem != nil, faults: faults,
                fields: fields(form, problem, context)), status: problem?.status ?? .ok)
    }

    private func fields(_ form: FormData?, _ problem: Problem?, _ context: BrightContext) -> [FormField] {
        func fault(_ name: String) -> String? { problem?.faults.first { $0.field == name }?.detail[context.language] }
        let chosen = Set(form?.all("scopes") ?? [])
        let scopes = APIScope.offered.map {
            FormField.Option(
                value: $0.rawValue, label: pages.text("scope.\($0.rawValue)", context) + " (\($0.rawValue))",
                isSelected: chosen.contains($0.rawValue))
        }
        return [
            FormField(
                "name", label: pages.text("clients.name", context), value: form?.optional("name") ?? "",
                fault: fault("name"), maximum: 60),
            FormField(
                "organ", label: pages.text("clients.organ", context), value: form?.optional("organ") ?? "",
                hint: pages.text("clients.organ_hint", context), fault: fault("organ"), maximum: 100),
            FormField(
                "scopes", label: pages.text("clients.scopes", context), kind: .checkbox, fault: fault("scopes"),
                options: scopes),
            FormField(
                "valid_to", label: pages.text("roles.valid_to", context), value: form?.optional("valid_to") ?? "",
                type: "date", fault: fault("valid_to"), isOptional: true),
            FormField(
                "reason", label: pages.text("roles.reason", context), value: form?.optional("reason") ?? "",
                fault: fault("reason"), maximum: 200),
        ]
    }

    @Sendable private func propose(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            try await propose(form, context)
            return .seeOther(approvals.path)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await showList(request, context, form: form, problem: problem)
        }
    }

    private func propose(_ form: FormData, _ context: BrightContext) async throws {
        var check = form.check()
        let name = check.text("name", maximum: 60, screened: true)
        let organ = check.text("organ", maximum: 100)
        let validTo = form.optional("valid_to") == nil ? nil : check.date("valid_to")
        let reason = check.text("reason", maximum: 200, screened: true)
        _ = try await desk.propose(
            APIClientDesk.Wish(name: name, organ: organ, scopes: form.all("scopes"), validTo: validTo, reason: reason),
            faults: check.faults, context)
    }

    private struct SecretRow {
        let id: String
        let createdAt: String
        let expiresAt: String?
        let lastUsed: String
    }

    private struct Model {
        let client: Row
        let mayAct: Bool
        let secrets: [SecretRow]
        let newSecret: String?
        let keys: String
        let fault: String?
        let tokenAddress: String
    }

    private func show(
        _ context: BrightContext, newSecret: String? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let client = try await desk.client(context)
        let secrets = try await APIClientStore.secrets(client.id, now: context.now, runtime.pool).map {
            SecretRow(
                id: $0.id, createdAt: $0.createdAt.cityMinute, expiresAt: $0.expiresAt?.cityMinute,
                lastUsed: $0.lastUsedAt?.cityMinute ?? "—")
        }
        return try pages.render(
            "api-client", context,
            PageMeta(
                title: client.name, crumbs: [Crumb(pages.text("clients.title", context), "/registry/api-clients")],
                current: "api_clients"),
            model: Model(
                client: row(client, context), mayAct: context.may(.grantRoles) && client.revokedAt == nil,
                secrets: secrets, newSecret: newSecret, keys: client.publicKeys ?? "",
                fault: problem?.detail[context.language],
                tokenAddress: runtime.configuration.publicBaseURL + "/registry/oauth/token"),
            status: problem?.status ?? .ok)
    }

    /// The new secret is shown once. Earlier ones stay good for the chosen hours.
    @Sendable private func addSecret(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        let form = try await request.form(context)
        var check = form.check()
        let hours = check.integer("overlap_hours", in: APIClientDesk.overlapHours)
        try check.done()
        return try await show(
            context, newSecret: try await desk.addSecret(client, overlapHours: hours, context).secret)
    }

    @Sendable private func setKeys(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        let form = try await request.form(context)
        do {
            try await desk.setKeys(form.optional("jwks"), of: client, context)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await show(context, problem: problem)
        }
        return .seeOther("/registry/api-clients/\(client.id)")
    }

    @Sendable private func revoke(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        try await desk.revoke(client, context)
        return .seeOther("/registry/api-clients/\(client.id)")
    }
}
