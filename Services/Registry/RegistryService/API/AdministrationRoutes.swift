import Access
import Contracts
import Hummingbird
import ServiceKit

/// Accounts, for the system administrator.
struct AdministrationRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let accounts: AccountList

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        accounts = AccountList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/accounts", .read(.manageAccounts), use: showAccounts)
    }

    private struct AccountRow {
        let login: String
        let role: String
        let place: String
        let days: String
        let sessions: String
        let path: String
    }

    private struct AccountsModel {
        let rows: [AccountRow]
        let pager: Pager
    }

    @Sendable private func showAccounts(_ request: Request, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let page = try await accounts.page(try PageRequest(request))
        let rows = page.items.map { item in
            AccountRow(
                login: item.login ?? "—", role: pages.label(item.role, context), place: item.place ?? "—",
                days: item.validFrom.iso + " – " + (item.validTo?.iso ?? ""), sessions: String(item.sessions),
                path: "/registry/accounts/\(item.personId)")
        }
        return try pages.render(
            "accounts", context,
            PageMeta(
                title: pages.text("accounts.title", context),
                lead: pages.text("accounts.lead", context, ["n": String(page.total)]), current: "accounts", isWide: true
            ),
            model: AccountsModel(rows: rows, pager: page.pager(path: "/registry/accounts")))
    }
}
