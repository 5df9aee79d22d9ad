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
        let today = LocalDate(context.now)
        var check = form.check()
        let name = check.text("name", maximum: 60, screened: true)
        let organName = check.text("organ", maximum: 100)
        let validTo = form.optional("valid_to") == nil ? nil : check.date("valid_to")
        let reason = check.text("reason", maximum: 200, screened: true)
        let scopes = form.all("scopes").compactMap { text in APIScope.offered.first { $0.rawValue == text } }
        if scopes.isEmpty || scopes.count != form.all("scopes").count {
            check.fail(
                FieldFault(
                    field: "scopes", code: "not_allowed",
                    detail: LocalizedText(zh: "请至少选择一项。", en: "Please choose at least one."),
                    allowed: APIScope.offered.map(\.rawValue).joined(separator: ", ")))
        }
        if let validTo, validTo < today {
            check.fail(
                FieldFault(
                    field: "valid_to", code: "date_order",
                    detail: LocalizedText(zh: "不能早于今天。", en: "This is not before today."), allowed: "≥ \(today.iso)"))
        }
        let organ = try await runtime.pool.query(OrganStore.all, OrganStore.decode).first { $0.name == organName }
        if organ.flatMap(APIScope.role) == nil {
            check.fail(
                FieldFault(
                    field: "organ", code: "organ_unknown",
                    detail: LocalizedText(zh: "请填写已登记机构的全称。", en: "Give the full name of a registered organ.")))
        }
        try check.done()
        guard let organ, let role = APIScope.role(of: organ) else { throw Problem(faults: check.faults) }
        let client = APIClientRequest(
            clientId: "client-\(UUIDv7.string())", name: name, organId: organ.id, organName: organ.name, role: role,
            scopes: Array(Set(scopes)).sorted { $0.rawValue < $1.rawValue }, validFrom: today, validTo: validTo)
        try await runtime.pool.transaction { transaction in
            try await approvals.propose(
                IdentityApprovals.apiClient, subject: client.clientId, content: client, reason: reason, context,
                in: transaction)
        }
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

    private func client(_ context: BrightContext) async throws -> APIClientStore.Client {
        guard let id = context.parameters.get("id"), WellFormed.isIdentifier(id),
            let client = try await APIClientStore.find(id, runtime.pool)
        else { throw Problem.notFound }
        return client
    }

    private func show(
        _ context: BrightContext, newSecret: String? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let client = try await client(context)
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

    private func usable(_ context: BrightContext) async throws -> APIClientStore.Client {
        let client = try await client(context)
        guard client.revokedAt == nil else {
            throw Problem.conflict(code: "client_revoked", zh: "该客户端已停用。", en: "This client was revoked.")
        }
        return client
    }

    /// The new secret is shown once. Earlier ones stay good for the chosen hours.
    @Sendable private func addSecret(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await usable(context)
        let form = try await request.form(context)
        var check = form.check()
        let hours = check.integer("overlap_hours", in: 0...168)
        try check.done()
        let secret = RandomToken.text()
        try await runtime.pool.transaction { transaction in
            try await APIClientStore.addSecret(
                UUIDv7.string(), hash: SessionStore.hash(secret), to: client.id, overlap: .seconds(hours * 3600),
                now: context.now, transaction)
            try await record("secret-added", client.id, context, transaction)
        }
        return try await show(context, newSecret: secret)
    }

    @Sendable private func setKeys(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await usable(context)
        let form = try await request.form(context)
        let text = form.optional("jwks")
        if let text {
            do {
                guard try !ForeignKeys(json: Array(text.utf8)).isEmpty else { throw TokenError.malformed }
            } catch {
                return try await show(
                    context,
                    problem: .invalid(
                        "jwks", code: "not_a_jwks", zh: "请填写只含公钥（RSA 2048 位以上或 P-256）的 JWKS。",
                        en: "Give a JWKS of public keys: RSA of 2048 bits or more, or P-256."))
            }
        }
        try await runtime.pool.transaction { transaction in
            guard try await APIClientStore.setKeys(text, of: client.id, transaction) else { throw Problem.notFound }
            try await record("keys-set", client.id, context, transaction)
        }
        return .seeOther("/registry/api-clients/\(client.id)")
    }

    @Sendable private func revoke(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await usable(context)
        try await runtime.pool.transaction { transaction in
            guard try await APIClientStore.revoke(client.id, now: context.now, transaction) else { return }
            try await RevocationStore.revoke(PersonID(rawValue: client.id), now: context.now, transaction)
            try await record("revoked", client.id, context, transaction)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/api-clients/\(client.id)")
    }

    private func record(
        _ fact: String, _ id: String, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.registry.api-client.\(fact).v1", subject: id, data: [String: String](),
            try context.eventContext(), occurredAt: context.now)
    }
}
