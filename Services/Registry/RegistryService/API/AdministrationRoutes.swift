import Access
import Contracts
import Hummingbird
import ServiceKit

/// Accounts (system administrator) and log (auditor).
struct AdministrationRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let accounts: AccountList
    private let log: AuditLog

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        accounts = AccountList(pool: runtime.pool)
        log = AuditLog(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/accounts", .read(.manageAccounts), use: showAccounts)
        routes.get("/audit", .read(.readAudit), use: showLog)
    }

    private struct AccountRow {
        let login: String
        let role: String
        let place: String
        let days: String
        let sessions: String
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
                days: item.validFrom.iso + " – " + (item.validTo?.iso ?? ""), sessions: String(item.sessions))
        }
        return try pages.render(
            "accounts", context,
            PageMeta(
                title: pages.text("accounts.title", context),
                lead: pages.text("accounts.lead", context, ["n": String(page.total)]), current: "accounts", isWide: true
            ),
            model: AccountsModel(rows: rows, pager: page.pager(path: "/registry/accounts")))
    }

    private struct LogRow {
        let position: String
        let time: String
        let type: String
        let subject: String
        let actor: String
        let correlation: String
    }

    private struct LogModel {
        let rows: [LogRow]
        let pager: Pager
    }

    @Sendable private func showLog(_ request: Request, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let page = try await log.page(try PageRequest(request))
        let rows = page.items.map { item in
            LogRow(
                position: String(item.position), time: CameraViews.time(item.occurredAt), type: item.type,
                subject: item.subject, actor: item.actor, correlation: item.correlationId)
        }
        return try pages.render(
            "audit", context,
            PageMeta(
                title: pages.text("audit.title", context),
                lead: pages.text("audit.lead", context, ["n": String(page.total)]), current: "audit", isWide: true),
            model: LogModel(rows: rows, pager: page.pager(path: "/registry/audit")))
    }
}
