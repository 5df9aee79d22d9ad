import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Programs in the JSON interface, for the administration of many of them. Persons only: a program administers nothing.
struct APIClientDocuments: Sendable {
    let desk: APIClientDesk

    func declare(_ routes: Routes) {
        let small = RouteOptions(bodyLimit: 65_536)
        routes.get("/v1/api-clients", .read(.grantRoles), use: list)
        routes.post("/v1/api-clients", .action(.grantRoles), options: small, use: propose)
        routes.get("/v1/api-clients/{id}", .read(.grantRoles), use: show)
        routes.post("/v1/api-clients/{id}/secrets", .action(.grantRoles), options: small, use: addSecret)
        routes.put("/v1/api-clients/{id}/keys", .action(.grantRoles), options: small, use: setKeys)
        routes.post("/v1/api-clients/{id}/revoke", .action(.grantRoles), options: small, use: revoke)
    }

    private struct Document: Encodable, Sendable {
        struct Secret: Encodable, Sendable {
            let secretId: String
            let createdAt: Instant
            let expiresAt: Instant?
            let lastUsedAt: Instant?
        }

        let clientId: String
        let name: String
        let role: Role
        let organId: OrganID?
        let organName: String?
        let scopes: [Action]
        let validFrom: LocalDate
        let validTo: LocalDate?
        let hasPublicKeys: Bool
        let createdAt: Instant
        let revokedAt: Instant?
        let lastUsedAt: Instant?
        /// Absent in lists.
        let secrets: [Secret]?

        init(_ client: APIClientStore.Client, _ secrets: [APIClientStore.Secret]? = nil) {
            clientId = client.id
            name = client.name
            role = client.role
            organId = client.organId
            organName = client.organName
            scopes = client.scopes
            validFrom = client.validFrom
            validTo = client.validTo
            hasPublicKeys = client.publicKeys != nil
            createdAt = client.createdAt
            revokedAt = client.revokedAt
            lastUsedAt = client.lastUsedAt
            self.secrets = secrets?.map {
                Secret(secretId: $0.id, createdAt: $0.createdAt, expiresAt: $0.expiresAt, lastUsedAt: $0.lastUsedAt)
            }
        }
    }

    @Sendable private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: [])
        let page = try await APIClientStore.listing.page("true", query, desk.runtime.pool)
        return try .json(page.map { Document($0) })
    }

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.client(context)
        let secrets = try await APIClientStore.secrets(client.id, now: context.now, desk.runtime.pool)
        return try .json(Document(client, secrets))
    }

    private struct Wish: Decodable {
        let name: String
        let organ: String
        let scopes: [String]
        let validTo: LocalDate?
        let reason: String
    }

    private struct Proposed: Encodable {
        let approvalId: String
        let clientId: String
        let expiresAt: Instant
    }

    /// 202: nothing is registered before a second administrator has approved it.
    @Sendable private func propose(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wish = try await request.json(Wish.self, context)
        var faults: [FieldFault] = []
        for (name, text, maximum) in [
            ("name", wish.name, 60), ("organ", wish.organ, 100), ("reason", wish.reason, 200),
        ]
        where text.isEmpty || text.count > maximum {
            faults.append(
                FieldFault(
                    field: name, code: text.isEmpty ? "missing" : "too_long",
                    detail: LocalizedText(zh: "请填写 1 到 \(maximum) 个字。", en: "Give 1 to \(maximum) characters."),
                    allowed: "1…\(maximum)"))
        }
        try PersonalDataScreen.check(field: "name", text: wish.name)
        try PersonalDataScreen.check(field: "reason", text: wish.reason)
        let approval = try await desk.propose(
            APIClientDesk.Wish(
                name: wish.name, organ: wish.organ, scopes: wish.scopes, validTo: wish.validTo, reason: wish.reason),
            faults: faults, context)
        return try .json(
            Proposed(approvalId: approval.id, clientId: approval.subject, expiresAt: approval.expiresAt),
            status: .accepted)
    }

    private struct SecretCommand: Decodable {
        let overlapHours: Int
    }

    private struct SecretAnswer: Encodable {
        let secretId: String
        /// Told once.
        let secret: String
    }

    @Sendable private func addSecret(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        let command = try await request.json(SecretCommand.self, context)
        guard APIClientDesk.overlapHours.contains(command.overlapHours) else {
            throw Problem.invalid(
                "overlap_hours", code: "not_in_range", zh: "0 到 168 小时。", en: "0 to 168 hours.", allowed: "0…168")
        }
        let new = try await desk.addSecret(client, overlapHours: command.overlapHours, context)
        return try .json(SecretAnswer(secretId: new.id, secret: new.secret), status: .created)
    }

    private struct KeysCommand: Decodable {
        /// JWKS as text; absent = none, the program signs in with a secret.
        let jwks: String?
    }

    @Sendable private func setKeys(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        let command = try await request.json(KeysCommand.self, context)
        try await desk.setKeys(command.jwks, of: client, context)
        return .noContent()
    }

    @Sendable private func revoke(_ request: Request, _ context: BrightContext) async throws -> Response {
        let client = try await desk.usable(context)
        try await desk.revoke(client, context)
        return .noContent()
    }
}
