import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/bulletins`: what one's organ issued and received, and each as a document that can be printed.
struct BulletinRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages

    func declare(_ routes: Routes) {
        routes.get("/bulletins", .read(.readBulletins)) { request, context in try await list(request, context) }
        routes.get("/bulletins/{bulletinId}", .read(.readBulletins)) { _, context in try await document(context) }
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, _ request: Request, as type: Value.Type
    ) throws -> Value? where Value.RawValue == String {
        guard let text = try request.query(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw Problem.invalid(
                name, code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let state = try choice("state", request, as: Bulletin.State.self)
        let box = try choice("box", request, as: BulletinStore.Box.self)
        let page = try await BulletinStore.page(
            visibleTo: principal, state: state, box: box, try PageRequest(request), pool)
        guard context.wantsPage else { return try .json(page) }
        return try pages.render(
            "bulletins", context,
            PageMeta(title: pages.text("notification.bulletins.title", context), current: "bulletins", isWide: true),
            model: BulletinsPage(page, state: state, box: box, pages, context))
    }

    private func document(_ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let id: BulletinID = try context.id("bulletinId")
        guard let bulletin = try await BulletinStore.bulletin(id, visibleTo: principal, pool) else {
            throw Problem.notFound
        }
        try await noteOpened(bulletin, principal, context)
        guard context.wantsPage else { return try .json(bulletin) }
        return try pages.render(
            "bulletin", context, Self.meta(bulletin, pages, context),
            model: BulletinPage(
                bulletin, unread: try await organsWithoutReaders(bulletin, principal, context), typed: nil,
                problem: nil, pages, context))
    }

    static func meta(_ bulletin: Bulletin, _ pages: Pages, _ context: BrightContext) -> PageMeta {
        PageMeta(
            title: pages.text("notification.bulletin.title", context),
            crumbs: [
                Crumb(pages.text("notification.bulletins.title", context), "/notification/bulletins"),
                Crumb(bulletin.number ?? pages.text("notification.bulletin_state.\(bulletin.state.rawValue)", context)),
            ], current: "bulletins")
    }

    /// Opening it, on the page or by a program of the organ, proves that it was delivered.
    private func noteOpened(
        _ bulletin: Bulletin, _ principal: Principal, _ context: BrightContext
    ) async throws {
        guard let own = bulletin.own, let organ = principal.organId else { return }
        let id = bulletin.bulletinId
        let eventContext = try context.eventContext()
        let now = context.now
        if own.deliveredAt == nil {
            try await pool.transaction { transaction in
                try await BulletinLife.delivered(id, to: organ, at: now, transaction)
            }
        }
        guard context.may(.readInbox, on: Resource(organId: organ, supervisingOrganId: organ)) else { return }
        let item = try await InboxStore.item(bulletin: id, of: .organ(organ), pool)
        guard let item, item.unread > 0 else { return }
        try await pool.transaction { transaction in
            try await InboxReceipts.read(item.itemId, by: principal.personId, eventContext, now: now, transaction)
        }
    }

    /// The issuer should know when nobody could read it there.
    private func organsWithoutReaders(
        _ bulletin: Bulletin, _ principal: Principal, _ context: BrightContext
    ) async throws -> [String] {
        guard principal.organId == bulletin.issuingOrganId, bulletin.state != .closed else { return [] }
        var names: [String] = []
        for recipient in bulletin.recipients ?? [] where recipient.role == .main {
            let readers = try await RegistryStore.readers(
                of: .organ(recipient.organId), on: LocalDate(context.now), pool)
            if readers == 0 { names.append(recipient.organName) }
        }
        return names
    }
}
