import Calendar
import Contracts

/// An item as those who work with it see it, in JSON.
struct ItemView: Encodable {
    struct Working: Encodable {
        let state: ItemState
        let content: ItemContent
        let notApplicable: Bool
        let reason: String?
        let returnReason: String?
        let savedAt: Instant
    }

    let itemId: ItemID
    let canteenId: CanteenID
    let category: DisclosureCategory
    let state: ItemState
    let revision: Int
    let published: ItemDocument?
    let working: Working?

    /// `names`: full names of persons by field; only for those who may see them.
    init(_ head: ItemHead, names: [String: String], as audience: Audience) {
        let definition = CategoryDefinition.of(head.category)
        itemId = head.itemId
        canteenId = head.canteenId
        category = head.category
        state = head.state
        revision = head.revision
        published = head.published.map { record in
            ItemDocument(record, as: audience, names: head.working == nil ? names : [:])
        }
        working = head.working.map { working in
            var content = working.content.visible(to: audience, definition)
            for (field, name) in names where content.values[field] != nil { content.values[field] = .text(name) }
            return Working(
                state: working.state, content: content, notApplicable: working.isNotApplicable, reason: working.reason,
                returnReason: working.returnReason, savedAt: working.at)
        }
    }
}
