import Access
import Calendar
import Contracts
import Journal
import PersonalData
import Postgres
import ServiceKit

/// What two security administrators decide together: appointments and programs.
enum IdentityApprovals {
    static let roleChange = "role_change"
    static let apiClient = "api_client"

    static func kinds(_ signIn: SignIn, _ pages: Pages) -> [ApprovalKind] {
        [
            ApprovalKind(
                roleChange, title: LocalizedText(zh: "任职与角色", en: "Appointment and role"), proposing: .grantRoles,
                approving: .grantRoles,
                facts: { approval, context in
                    facts(try approval.decode(RoleChange.self), pages, context)
                },
                apply: { approval, context, transaction in
                    try await apply(
                        try approval.decode(RoleChange.self), signIn, try context.eventContext(), now: context.now,
                        transaction)
                }),
            ApprovalKind(
                apiClient, title: LocalizedText(zh: "接口客户端", en: "API client"), proposing: .grantRoles,
                approving: .grantRoles,
                facts: { approval, context in
                    facts(try approval.decode(APIClientRequest.self), pages, context)
                },
                apply: { approval, context, transaction in
                    let request = try approval.decode(APIClientRequest.self)
                    try await APIClientStore.insert(
                        request, by: approval.proposedBy, now: context.now, transaction)
                    try await transaction.record(
                        "brightkitchen.registry.api-client.registered.v1", subject: request.clientId,
                        data: ["role": request.role.rawValue], try context.eventContext(), occurredAt: context.now)
                }),
        ]
    }

    private static func facts(_ change: RoleChange, _ pages: Pages, _ context: BrightContext) -> [ApprovalFact] {
        [
            ApprovalFact(pages.text("roles.account", context), change.personId.rawValue),
            ApprovalFact(pages.text("accounts.role", context), pages.label(change.role, context)),
            ApprovalFact(pages.text("accounts.place", context), change.place ?? "—"),
            ApprovalFact(
                pages.text("accounts.days", context), "\(change.validFrom.iso) – \(change.validTo?.iso ?? "")"),
        ]
    }

    private static func facts(_ client: APIClientRequest, _ pages: Pages, _ context: BrightContext) -> [ApprovalFact] {
        [
            ApprovalFact(pages.text("clients.name", context), client.name),
            ApprovalFact(pages.text("clients.organ", context), client.organName),
            ApprovalFact(
                pages.text("clients.scopes", context), client.scopes.map(\.rawValue).joined(separator: ", ")),
            ApprovalFact(
                pages.text("accounts.days", context), "\(client.validFrom.iso) – \(client.validTo?.iso ?? "")"),
        ]
    }

    /// 409 `separated_duties` where the person may not take the role.
    static func check(
        _ change: RoleChange, _ stored: Appointment, _ keys: PersonalDataKeys, on day: LocalDate,
        _ transaction: PostgresTransaction
    ) async throws {
        guard let login = try await AccountStore.login(change.personId, transaction),
            let account = try await AccountStore.account(login: login, transaction)
        else { throw Problem.notFound }
        let name = try PersonName.open(account.name, of: change.personId, keys)
        let former = stored.isInForce(on: day) ? stored.role : nil
        if let conflict = try await SeparatedDuties(keys: keys).conflict(
            name: name, person: change.personId, from: former, to: change.role, on: day, transaction)
        {
            throw Problem(.conflict, code: "separated_duties", detail: conflict)
        }
    }

    private static func apply(
        _ change: RoleChange, _ signIn: SignIn, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let today = LocalDate(now)
        guard let (stored, _) = try await AccountStore.principalFacts(change.personId, transaction) else {
            throw Problem.notFound
        }
        try await check(change, stored, signIn.keys, on: today, transaction)
        let appointment = change.appointment
        try await AccountStore.save(appointment, transaction)
        var events: [any Event] = []
        if !appointment.isSamePost(as: stored), stored.isInForce(on: today) {
            events.append(stored.dismissed(on: today))
        }
        events.append(appointment.appointed)
        try await transaction.publish(events, context, occurredAt: now)
        try await endEverything(of: change.personId, signIn, now: now, transaction)
    }

    /// Sessions and running tokens of a person are void from now on, in every service within seconds.
    static func endEverything(
        of person: PersonID, _ signIn: SignIn, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await SessionStore.endAll(of: person, now: now, transaction)
        try await RevocationStore.revoke(person, now: now, transaction)
    }
}
