import Calendar
import Contracts

/// One line of an inbox, with the names known by now.
struct InboxItem: Encodable, Sendable {
    let itemId: String
    let threadId: String?
    let bulletinId: BulletinID?
    let endpointId: EndpointID?
    /// Page of the service that keeps the matter.
    let link: String?
    let canteenName: String?
    let schoolName: String?
    let problemId: ProblemID?
    let itemText: String?
    let itemCode: String?
    let severity: Int?
    let state: ThreadState?
    let bulletinNumber: String?
    let endpointUrl: String?
    let unread: Int
    let isOpen: Bool
    let latestKind: NoticeKind
    let latestAt: Instant
    let dueAt: Instant?
    let acknowledgedAt: Instant?
}
