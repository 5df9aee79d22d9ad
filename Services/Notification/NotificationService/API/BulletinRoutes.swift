import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/bulletins`: what one's organ issued and received.
struct BulletinRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages

    func declare(_ routes: Routes) {
        routes.get("/bulletins", .read(.readBulletins)) { request, context in try await list(request, context) }
        routes.get("/bulletins/{bulletinId}", .read(.readBulletins)) { _, context in try await document(context) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        var state: Bulletin.State?
        if let text = try request.query("state") {
            guard let value = Bulletin.State(rawValue: text) else {
                throw Problem.invalid(
                    "state", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                    allowed: Bulletin.State.allCases.map(\.rawValue).joined(separator: ", "))
            }
            state = value
        }
        let page = try await BulletinStore.page(visibleTo: principal, state: state, try PageRequest(request), pool)
        guard context.wantsPage else { return try .json(page) }
        return try pages.render(
            "bulletins", context,
            PageMeta(title: pages.text("notification.bulletins.title", context), current: "bulletins", isWide: true),
            model: BulletinsPage(page, state: state, pages, context))
    }

    private func document(_ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let id: BulletinID = try context.id("bulletinId")
        guard let bulletin = try await BulletinStore.bulletin(id, visibleTo: principal, pool) else {
            throw Problem.notFound
        }
        guard context.wantsPage else { return try .json(bulletin) }
        var item: InboxItem?
        if let organ = principal.organId, context.may(.readInbox, on: Resource(organId: organ)) {
            item = try await InboxStore.item(bulletin: id, of: .organ(organ), pool)
        }
        if let item, item.unread > 0 {
            let eventContext = try context.eventContext()
            let now = context.now
            try await pool.transaction { transaction in
                try await InboxReceipts.read(
                    item.itemId, by: principal.personId, eventContext, now: now, transaction)
            }
        }
        return try pages.render(
            "bulletin", context,
            PageMeta(
                title: pages.text("notification.bulletin.title", context),
                crumbs: [
                    Crumb(pages.text("notification.bulletins.title", context), "/notification/bulletins"),
                    Crumb(bulletin.number ?? pages.text("notification.bulletin.waiting", context)),
                ], current: "bulletins"),
            model: BulletinPage(bulletin, item: item, pages, context))
    }
}
