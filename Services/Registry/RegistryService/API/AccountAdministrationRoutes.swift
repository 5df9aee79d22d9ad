import Access
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// The technical state of one account, for the system administrator: lock, unlock, first password. The second factor is
/// not theirs to reset: nobody can take over an account alone.
struct AccountAdministrationRoutes: Sendable {
    let runtime: ServiceRuntime
    let signIn: SignIn
    private let list: RoleList

    init(runtime: ServiceRuntime, signIn: SignIn) {
        self.runtime = runtime
        self.signIn = signIn
        list = RoleList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/accounts/{id}", .read(.manageAccounts)) { _, context in try await show(context) }
        routes.post("/accounts/{id}/lock", .action(.manageAccounts), use: lock)
        routes.post("/accounts/{id}/unlock", .action(.manageAccounts), use: unlock)
        routes.post("/accounts/{id}/password", .action(.manageAccounts), use: resetPassword)
    }

    private struct Model {
        let login: String
        let role: String
        let place: String
        let isLocked: Bool
        let isEnrolled: Bool
        let isLinked: Bool
        let mayAct: Bool
        let newPassword: String?
        let action: String
        let reasonFields: [FormField]
    }

    private func item(_ context: BrightContext) async throws -> (item: RoleList.Item, login: String) {
        guard let item = try await list.find(try context.id("id")), let login = item.login else {
            throw Problem.notFound
        }
        return (item, login)
    }

    private func show(_ context: BrightContext, newPassword: String? = nil) async throws -> Response {
        let (item, login) = try await item(context)
        let person = item.appointment.personId
        let pages = runtime.pages
        return try pages.render(
            "account-administration", context,
            PageMeta(
                title: login, crumbs: [Crumb(pages.text("accounts.title", context), "/registry/accounts")],
                current: "accounts"),
            model: Model(
                login: login, role: pages.label(item.appointment.role, context), place: item.place ?? "—",
                isLocked: try await AccountLocks.isLocked(person, runtime.pool), isEnrolled: item.isEnrolled,
                isLinked: try await FederatedStore.isLinked(person, runtime.pool),
                mayAct: context.may(.manageAccounts), newPassword: newPassword,
                action: "/registry/accounts/\(person)",
                reasonFields: [FormField("reason", label: pages.text("roles.reason", context), maximum: 200)]))
    }

    @Sendable private func lock(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try await item(context).item.appointment.personId
        let form = try await request.form(context)
        var check = form.check()
        let reason = check.text("reason", maximum: 200, screened: true)
        try check.done()
        let administrator = try context.requirePrincipal().personId
        try await runtime.pool.transaction { transaction in
            guard
                try await AccountLocks.lock(
                    person, by: administrator, reason: reason, now: context.now, transaction)
            else { return }
            try await IdentityApprovals.endEverything(of: person, signIn, now: context.now, transaction)
            try await record("locked", person, context, transaction)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/accounts/\(person)")
    }

    @Sendable private func unlock(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (item, login) = try await item(context)
        let person = item.appointment.personId
        try await runtime.pool.transaction { transaction in
            _ = try await AccountLocks.unlock(person, transaction)
            try await SignInFailures.clear(login: login, address: "", transaction)
            try await record("unlocked", person, context, transaction)
        }
        return .seeOther("/registry/accounts/\(person)")
    }

    /// A first password, shown once and good for one sign-in that replaces it.
    @Sendable private func resetPassword(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try await item(context).item.appointment.personId
        let password = InitialPasswords.random()
        let hash: PasswordHash
        do {
            hash = try await signIn.hasher.hash(password)
        } catch is PasswordHasher.Overloaded {
            throw SignInRefusal.overloaded.problem
        }
        try await runtime.pool.transaction { transaction in
            try await AccountStore.savePassword(hash, of: person, at: context.now, mustChange: true, transaction)
            try await RevocationStore.revoke(person, now: context.now, transaction)
            try await record("password-reset", person, context, transaction)
        }
        try await signIn.announceRevocations()
        return try await show(context, newPassword: password)
    }

    private func record(
        _ fact: String, _ person: PersonID, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            SignIn.type(fact), subject: person.rawValue, data: SignIn.Fact(role: nil, method: nil),
            try context.eventContext(), occurredAt: context.now)
    }
}
