import Calendar
import Contracts
import ServiceKit

/// Model of `inbox.mustache`.
struct InboxPage {
    struct Line {
        let link: String
        let title: String
        let subtitle: String?
        let kind: String
        let at: String
        let due: DueText?
        let state: String?
        let stateTone: String
        let severity: String?
        let severityTone: String
        let isUnread: Bool
        let unread: Int
        let isAcknowledged: Bool
    }

    let unread: Int
    let open: Int
    let overdue: Int
    let hasOverdue: Bool
    let unreadOnly: Bool
    let todo: [Line]
    let done: [Line]
    let hasTodo: Bool
    let hasDone: Bool
    let isEmpty: Bool
    let pager: Pager

    init(
        _ page: PageOf<InboxItem>, _ counts: InboxStore.Counts, unreadOnly: Bool, _ pages: Pages,
        _ context: BrightContext
    ) {
        unread = counts.unread
        open = counts.open
        overdue = counts.overdue
        hasOverdue = counts.overdue > 0
        self.unreadOnly = unreadOnly
        let lines = page.items.map { ($0, Line($0, pages, context)) }
        todo = lines.filter { $0.0.unread > 0 || $0.0.isOpen }.map(\.1)
        done = lines.filter { $0.0.unread == 0 && !$0.0.isOpen }.map(\.1)
        hasTodo = !todo.isEmpty
        hasDone = !done.isEmpty
        isEmpty = lines.isEmpty
        pager = page.pager(path: unreadOnly ? "/notification/inbox?unread=1" : "/notification/inbox")
    }
}

extension InboxPage.Line {
    init(_ item: InboxItem, _ pages: Pages, _ context: BrightContext) {
        if let thread = item.threadId {
            link = "/notification/threads/\(thread)"
            title = item.itemText ?? pages.text("notification.thread.incomplete", context)
        } else if let bulletin = item.bulletinId {
            link = "/notification/bulletins/\(bulletin)"
            title = pages.text("notification.inbox.bulletin", context, ["number": item.bulletinNumber ?? ""])
        } else if let path = item.link {
            link = path
            title = pages.text("notification.kind.\(item.latestKind.rawValue)", context)
        } else {
            link = "/notification/webhooks/\(item.endpointId?.rawValue ?? "")"
            title = pages.text("notification.inbox.endpoint", context, ["url": item.endpointUrl ?? ""])
        }
        let place = [item.schoolName, item.canteenName].compactMap { $0 }
        subtitle = place.isEmpty ? nil : place.joined(separator: " · ")
        kind = pages.text("notification.kind.\(item.latestKind.rawValue)", context)
        at = CivilText.short(item.latestAt)
        due = item.dueAt.map { DueText($0, isOpen: item.isOpen, pages, context) }
        state = item.state.map { pages.text("notification.state.\($0.rawValue)", context) }
        stateTone = item.state.map(StateTone.of) ?? "neutral"
        severity = item.severity.map { pages.text("notification.severity.\(min(max($0, 1), 3))", context) }
        severityTone = item.severity == 1 ? "error" : item.severity == 2 ? "warn" : "neutral"
        isUnread = item.unread > 0
        unread = item.unread
        isAcknowledged = item.acknowledgedAt != nil
    }
}
