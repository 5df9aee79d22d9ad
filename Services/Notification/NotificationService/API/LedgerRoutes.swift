import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/ledger` and its statistics: what one's organ, and the organs below it, sent to whom, by which channel,
/// and what became of it.
struct LedgerRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages

    func declare(_ routes: Routes) {
        routes.get("/ledger", .read(.readBulletins)) { request, context in try await list(request, context) }
        routes.get("/ledger/statistics", .read(.readBulletins)) { request, context in
            try await statistics(request, context)
        }
    }

    /// nil: everybody's, for the auditor.
    private func sender(_ context: BrightContext) throws -> OrganID? {
        let principal = try context.requirePrincipal()
        if principal.role == .auditor { return nil }
        guard let organ = principal.organId else { throw Problem.forbidden }
        return organ
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try LedgerFilter(request, now: context.now)
        let page = try await LedgerStore.page(of: try sender(context), filter, try PageRequest(request), pool)
        guard context.wantsPage else { return try .json(page) }
        return try pages.render(
            "ledger", context,
            PageMeta(
                title: pages.text("notification.ledger.title", context),
                lead: pages.text("notification.ledger.lead", context), current: "deliveries", isWide: true),
            model: LedgerPage(page, filter, pages, context))
    }

    private func statistics(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try LedgerFilter(request, now: context.now)
        let organ = try sender(context)
        let cells = try await LedgerStore.counts(of: organ, filter, pool)
        let speeds = try await LedgerStore.speeds(of: organ, filter, pool)
        let figures = DeliveryFigures(cells, speeds, from: filter.from, to: filter.to)
        guard context.wantsPage else { return try .json(figures) }
        return try pages.render(
            "ledger-statistics", context,
            PageMeta(
                title: pages.text("notification.figures.title", context),
                crumbs: [
                    Crumb(pages.text("notification.ledger.title", context), "/notification/ledger"),
                    Crumb(pages.text("notification.figures.title", context)),
                ], lead: pages.text("notification.figures.lead", context), current: "deliveries", isWide: true),
            model: LedgerStatisticsPage(figures, filter, pages, context))
    }
}
