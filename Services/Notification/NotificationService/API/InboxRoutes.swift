import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/inbox` and the threads behind it. Browsers get pages, programs get JSON, from the same addresses.
struct InboxRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages
    let life: BulletinLife

    func declare(_ routes: Routes) {
        routes.get("/", .signedIn) { _, context in
            Response.seeOther(context.may(.readInbox) ? "/notification/inbox" : "/notification/bulletins")
        }
        routes.get("/inbox", .action(.readInbox)) { request, context in try await inbox(request, context) }
        routes.get("/threads/{threadId}", .action(.readInbox)) { _, context in try await thread(context) }
        routes.post("/inbox/{itemId}/read", .action(.readInbox)) { request, context in
            try await receipt(request, context, acknowledges: false)
        }
        routes.post("/inbox/{itemId}/acknowledge", .action(.readInbox)) { request, context in
            try await receipt(request, context, acknowledges: true)
        }
    }

    private func inbox(_ request: Request, _ context: BrightContext) async throws -> Response {
        let recipient = try Recipient(of: context)
        let unreadOnly = try request.query("unread") == "1"
        let page = try PageRequest(request)
        let items = try await InboxStore.page(of: recipient, unreadOnly: unreadOnly, page, pool)
        let counts = try await InboxStore.counts(of: recipient, now: context.now, pool)
        guard context.wantsPage else { return try .json(InboxAnswer(counts: counts, page: items)) }
        return try pages.render(
            "inbox", context, PageMeta(title: pages.text("notification.inbox.title", context), current: "inbox"),
            model: InboxPage(items, counts, unreadOnly: unreadOnly, pages, context))
    }

    private func thread(_ context: BrightContext) async throws -> Response {
        let recipient = try Recipient(of: context)
        guard let id = context.parameters.get("threadId"), WellFormed.isIdentifier(id),
            let item = try await InboxStore.item(thread: id, of: recipient, pool),
            let thread = try await ThreadStore.thread(id, pool)
        else { throw Problem.notFound }
        let timeline = try await ThreadStore.timeline(of: id, pool)
        let canteen = try await RegistryStore.canteen(thread.canteenId, pool)
        let bulletin = try await BulletinStore.number(problem: thread.problemId, pool)
        guard context.wantsPage else {
            return try .json(ThreadAnswer(item: item, timeline: timeline, bulletinNumber: bulletin?.number))
        }
        // Opening the page is reading it; the answer is made from what was there before.
        try await read(item.itemId, context, acknowledges: false)
        let today = LocalDate(context.now)
        // The organ should know when the school has nobody who could read; the school's reader need not be told.
        let readers =
            recipient.organId == nil
            ? 1 : try await RegistryStore.readers(of: .school(thread.schoolId), on: today, pool)
        return try pages.render(
            "thread", context,
            PageMeta(
                title: thread.itemText ?? pages.text("notification.thread.incomplete", context),
                crumbs: [
                    Crumb(pages.text("notification.inbox.title", context), "/notification/inbox"),
                    Crumb(pages.text("notification.thread.title", context)),
                ], current: "inbox"),
            model: ThreadPage(
                thread, item, timeline, canteen: canteen, bulletin: bulletin, schoolReaders: readers, pages, context))
    }

    private func receipt(
        _ request: Request, _ context: BrightContext, acknowledges: Bool
    ) async throws -> Response {
        let recipient = try Recipient(of: context)
        guard let id = context.parameters.get("itemId"), WellFormed.isIdentifier(id),
            let item = try await InboxStore.item(id, of: recipient, pool)
        else { throw Problem.notFound }
        try await read(id, context, acknowledges: acknowledges)
        guard context.wantsPage else { return .noContent() }
        if let thread = item.threadId { return .seeOther("/notification/threads/\(thread)") }
        if let bulletin = item.bulletinId { return .seeOther("/notification/bulletins/\(bulletin)") }
        return .seeOther("/notification/inbox")
    }

    private func read(_ itemId: String, _ context: BrightContext, acknowledges: Bool) async throws {
        let person = try context.requirePrincipal().personId
        let now = context.now
        let eventContext = try context.eventContext()
        try await pool.transaction { transaction in
            if acknowledges {
                try await InboxReceipts.acknowledge(itemId, by: person, life, eventContext, now: now, transaction)
            } else {
                try await InboxReceipts.read(itemId, by: person, eventContext, now: now, transaction)
            }
        }
    }
}

/// JSON of the inbox: the counts beside the page.
private struct InboxAnswer: Encodable {
    let unread: Int
    let open: Int
    let overdue: Int
    let items: [InboxItem]
    let page: Int
    let perPage: Int
    let total: Int

    init(counts: InboxStore.Counts, page: PageOf<InboxItem>) {
        unread = counts.unread
        open = counts.open
        overdue = counts.overdue
        items = page.items
        self.page = page.page
        perPage = page.perPage
        total = page.total
    }
}

private struct ThreadAnswer: Encodable {
    let item: InboxItem
    let timeline: [TimelineEntry]
    let bulletinNumber: String?
}
