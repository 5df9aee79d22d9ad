import Calendar
import Contracts

/// An item as it is public, in JSON: the same document in lists, in the feed of changes and in dumps.
struct ItemDocument: Encodable {
    let itemId: ItemID
    let canteenId: CanteenID
    let category: DisclosureCategory
    let version: Int
    let state: ItemState
    let notApplicable: Bool
    let content: ItemContent
    let reason: String?
    let reply: String?
    let late: Bool
    let contested: Bool
    let validFrom: LocalDate
    let validTo: LocalDate?
    let supersededBy: ItemID?
    let publishedAt: Instant
    let recordedAt: Instant
    /// Place in the feed of changes.
    let position: Int

    init(_ record: ItemRecord, as audience: Audience = .everyone, names: [String: String] = [:]) {
        var content = record.content.visible(to: audience, .of(record.category))
        if audience == .school || audience == .regulator {
            for (field, name) in names where content.values[field] != nil { content.values[field] = .text(name) }
        }
        itemId = record.itemId
        canteenId = record.canteenId
        category = record.category
        version = record.version
        state = record.state
        notApplicable = record.isNotApplicable
        // What was withdrawn is not told again; that there was something, and why it went, is.
        self.content = record.state == .withdrawn && audience == .everyone ? ItemContent() : content
        reason = record.reason
        reply = record.state == .withdrawn ? nil : record.reply
        late = record.isLate
        contested = record.isContested
        validFrom = record.validFrom
        validTo = record.validTo
        supersededBy = record.supersededBy
        publishedAt = record.publishedAt
        recordedAt = record.recordedAt
        position = record.position
    }
}
