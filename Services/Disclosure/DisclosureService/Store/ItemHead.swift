import Calendar
import Contracts
import Postgres

/// What an item is now: its public face and the version in preparation.
struct ItemHead: Hashable, Sendable {
    struct Working: Hashable, Sendable {
        var state: ItemState
        var content: ItemContent
        var isNotApplicable: Bool
        var reason: String?
        var by: String?
        var at: Instant
        var returnReason: String?
    }

    var itemId: ItemID
    var canteenId: CanteenID
    var category: DisclosureCategory
    /// nil before the first publication.
    var published: ItemRecord?
    var organId: OrganID?
    var publishedBy: String?
    var working: Working?
    var revision: Int

    /// The state that a person at the desk sees: what is being prepared first.
    var state: ItemState { working?.state ?? published?.state ?? .draft }

    static let columns: SQL = """
        r.item_id, r.canteen_id, r.category, r.state, r.version, r.position, r.not_applicable, r.content, r.reason, r.reply,
        r.late, r.contested, r.valid_from, r.valid_to, r.superseded_by, r.published_at, r.recorded_at, r.organ_id,
        r.published_by, r.working_state, r.working_content, r.working_not_applicable, r.working_reason, r.working_by,
        r.working_at, r.return_reason, r.revision
        """

    @Sendable static func read(_ row: Row) throws -> ItemHead {
        let state: ItemState? = try row["state"]
        let working: ItemState? = try row["working_state"]
        return ItemHead(
            itemId: try row["item_id"], canteenId: try row["canteen_id"], category: try row["category"],
            published: state == nil ? nil : try ItemRecordStore.record(row), organId: try row["organ_id"],
            publishedBy: try row["published_by"],
            working: try working.map { state in
                Working(
                    state: state, content: try row.json("working_content"),
                    isNotApplicable: try row["working_not_applicable"], reason: try row["working_reason"],
                    by: try row["working_by"], at: try row["working_at"], returnReason: try row["return_reason"])
            }, revision: try row["revision"])
    }
}
