import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// What security administrators do with programs, whether by a page or by JSON.
struct APIClientDesk: Sendable {
    /// How long earlier secrets may stay good beside a new one.
    static let overlapHours = 0...168

    /// A program as somebody wants it.
    struct Wish: Sendable {
        let name: String
        /// Full name of a registered organ.
        let organ: String
        let scopes: [String]
        let validTo: LocalDate?
        let reason: String
    }

    struct NewSecret: Sendable {
        let id: String
        let secret: String
    }

    let runtime: ServiceRuntime
    let signIn: SignIn
    let approvals: Approvals

    /// 404 for an id that is none.
    func client(_ context: BrightContext) async throws -> APIClientStore.Client {
        guard let id = context.parameters.get("id"), WellFormed.isIdentifier(id),
            let client = try await APIClientStore.find(id, runtime.pool)
        else { throw Problem.notFound }
        return client
    }

    func usable(_ context: BrightContext) async throws -> APIClientStore.Client {
        let client = try await client(context)
        guard client.revokedAt == nil else {
            throw Problem.conflict(code: "client_revoked", zh: "该客户端已停用。", en: "This client was revoked.")
        }
        return client
    }

    /// Proposes; a second administrator decides. `faults`: those that were found in reading the wish.
    func propose(_ wish: Wish, faults: [FieldFault], _ context: BrightContext) async throws -> Approval {
        let today = LocalDate(context.now)
        var faults = faults
        let scopes = wish.scopes.compactMap { text in APIScope.offered.first { $0.rawValue == text } }
        if scopes.isEmpty || scopes.count != wish.scopes.count {
            faults.append(
                FieldFault(
                    field: "scopes", code: "not_allowed",
                    detail: LocalizedText(zh: "请至少选择一项。", en: "Please choose at least one."),
                    allowed: APIScope.offered.map(\.rawValue).joined(separator: ", ")))
        }
        if let validTo = wish.validTo, validTo < today {
            faults.append(
                FieldFault(
                    field: "valid_to", code: "date_order",
                    detail: LocalizedText(zh: "不能早于今天。", en: "This is not before today."), allowed: "≥ \(today.iso)"))
        }
        let organs = try await runtime.pool.query(OrganStore.all, OrganStore.decode)
        let organ = organs.first { $0.name == wish.organ }
        let role = organ.flatMap(APIScope.role)
        if role == nil {
            faults.append(
                FieldFault(
                    field: "organ", code: "organ_unknown",
                    detail: LocalizedText(zh: "请填写已登记机构的全称。", en: "Give the full name of a registered organ.")))
        }
        guard faults.isEmpty, let organ, let role else { throw Problem(faults: faults) }
        let client = APIClientRequest(
            clientId: "client-\(UUIDv7.string())", name: wish.name, organId: organ.id, organName: organ.name,
            role: role,
            scopes: Array(Set(scopes)).sorted { $0.rawValue < $1.rawValue }, validFrom: today, validTo: wish.validTo)
        return try await runtime.pool.transaction { transaction in
            try await approvals.propose(
                IdentityApprovals.apiClient, subject: client.clientId, content: client, reason: wish.reason, context,
                in: transaction)
        }
    }

    /// The secret is told once; its hash is stored.
    func addSecret(
        _ client: APIClientStore.Client, overlapHours: Int, _ context: BrightContext
    ) async throws -> NewSecret {
        let new = NewSecret(id: UUIDv7.string(), secret: RandomToken.text())
        try await runtime.pool.transaction { transaction in
            try await APIClientStore.addSecret(
                new.id, hash: SessionStore.hash(new.secret), to: client.id, overlap: .seconds(overlapHours * 3600),
                now: context.now, transaction)
            try await record("secret-added", client.id, context, transaction)
        }
        return new
    }

    /// nil: the program signs in with a secret again.
    func setKeys(_ jwks: String?, of client: APIClientStore.Client, _ context: BrightContext) async throws {
        if let jwks {
            do {
                guard try !ForeignKeys(json: Array(jwks.utf8)).isEmpty else { throw TokenError.malformed }
            } catch {
                throw Problem.invalid(
                    "jwks", code: "not_a_jwks", zh: "请填写只含公钥（RSA 2048 位以上或 P-256）的 JWKS。",
                    en: "Give a JWKS of public keys: RSA of 2048 bits or more, or P-256.")
            }
        }
        try await runtime.pool.transaction { transaction in
            guard try await APIClientStore.setKeys(jwks, of: client.id, transaction) else { throw Problem.notFound }
            try await record("keys-set", client.id, context, transaction)
        }
    }

    /// Its tokens are void within seconds.
    func revoke(_ client: APIClientStore.Client, _ context: BrightContext) async throws {
        try await runtime.pool.transaction { transaction in
            guard try await APIClientStore.revoke(client.id, now: context.now, transaction) else { return }
            try await RevocationStore.revoke(PersonID(rawValue: client.id), now: context.now, transaction)
            try await record("revoked", client.id, context, transaction)
        }
        try await signIn.announceRevocations()
    }

    private func record(
        _ fact: String, _ id: String, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.registry.api-client.\(fact).v1", subject: id, data: [String: String](),
            try context.eventContext(), occurredAt: context.now)
    }
}
