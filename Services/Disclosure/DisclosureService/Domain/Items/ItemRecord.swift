import Calendar
import Contracts

/// One entry of an item's public history: what was public from `recordedAt` until the next entry of the same item.
/// Never changed.
struct ItemRecord: Hashable, Sendable {
    /// Place in the feed of changes: 1, 2, 3 … in the order in which they became public.
    var position: Int
    var itemId: ItemID
    var canteenId: CanteenID
    var category: DisclosureCategory
    /// Version of the content; a correction raises it, a withdrawal does not.
    var version: Int
    var state: ItemState
    var isNotApplicable: Bool
    var content: ItemContent
    /// Why there is this entry: of a correction, a withdrawal, a "not applicable".
    var reason: String?
    var reply: String?
    var isLate: Bool
    var validFrom: LocalDate
    var validTo: LocalDate?
    var supersededBy: ItemID?
    /// An appeal is open.
    var isContested: Bool
    var publishedAt: Instant
    var recordedAt: Instant
}
