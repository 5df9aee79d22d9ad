import Contracts
import ServiceKit

/// One of the nine categories on a canteen's page with its current items.
struct CategoryModel {
    /// Items shown at once; the rest is behind the link to all of them.
    static let shown = 5

    let code: String
    let name: String
    let isPublished: Bool
    let isNotApplicable: Bool
    let detail: String
    let items: [ItemModel]
    let hasItems: Bool
    let more: String?
    let morePath: String

    init(
        _ category: DisclosureCategory, _ records: [ItemRecord], isPublished: Bool, of canteen: CanteenID,
        as audience: Audience, _ words: PortalWords
    ) {
        let own = records.filter { $0.category == category }
        code = category.rawValue
        name = words.label(category)
        self.isPublished = isPublished
        isNotApplicable = own.first?.isNotApplicable ?? false
        detail =
            own.first.map {
                words.text("category.published_on", ["day": words.day($0.publishedAt), "version": String($0.version)])
            } ?? (category == .d2 ? words.text("grade.ungraded") : "")
        items = own.prefix(Self.shown).map { ItemModel($0, as: audience, words) }
        hasItems = !own.isEmpty
        more =
            own.count > Self.shown ? words.text("category.all", ["n": String(own.count)]) : nil
        morePath = "/disclosure/v1/canteens/\(canteen.rawValue)/items?category=\(category.rawValue)"
    }
}
