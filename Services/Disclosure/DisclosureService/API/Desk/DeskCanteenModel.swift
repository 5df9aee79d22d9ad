import Calendar
import Contracts
import ServiceKit

/// A canteen on the desk: what is missing, what ends next, what waits, and everything by category.
struct DeskCanteenModel {
    struct Task {
        let text: String
        let path: String
        let tone: String
        let label: String
    }

    struct Item {
        let path: String
        let title: String
        let state: String
        let tone: String
        let meta: String
    }

    struct Category {
        let name: String
        let tone: String
        let status: String
        let addPath: String?
        let batchPath: String?
        let items: [Item]
        let hasItems: Bool
    }

    /// Items of a category shown; the page says how many there are.
    static let shown = 20

    let name: String
    /// nil before the licence is registered: the public sees nothing yet.
    let publicPath: String?
    let isUnlicensed: Bool
    /// nil for those who may not publish menus.
    let menuPath: String?
    let progress: String
    let present: Int
    let tasks: [Task]
    let hasTasks: Bool
    let categories: [Category]

    init(_ canteen: CanteenRecord, _ heads: [ItemHead], _ context: BrightContext, _ words: PortalWords) {
        let base = "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)"
        name = "\(canteen.schoolName) · \(canteen.name)"
        let page = "/disclosure/canteens/\(canteen.canteenId.rawValue)"
        publicPath = canteen.hasLicence ? page : nil
        isUnlicensed = !canteen.hasLicence
        menuPath = context.may(.publishSchoolItems, on: canteen.resource) ? "\(base)/menu" : nil
        present = canteen.completeness.present.count
        progress = words.text("list.published", ["n": String(present), "of": String(canteen.completeness.total)])
        func mayDraft(_ category: DisclosureCategory) -> Bool {
            let definition = CategoryDefinition.of(category)
            return definition.owner != .registry && context.may(definition.draftAction, on: canteen.resource)
        }
        var tasks: [Task] = []
        for category in canteen.completeness.missing where canteen.hasLicence || category != .d1 {
            tasks.append(
                Task(
                    text: words.text("desk.missing", ["category": words.label(category)]),
                    path: mayDraft(category) ? "\(base)/new/\(category.rawValue)" : publicPath ?? base, tone: "error",
                    label: words.text(mayDraft(category) ? "desk.add" : "desk.by_regulator")))
        }
        for head in heads {
            guard let working = head.working, working.state != .draft else { continue }
            tasks.append(
                Task(
                    text: "\(words.label(head.category))：\(words.text("item.state_\(working.state.rawValue)"))",
                    path: Self.path(head), tone: "warn", label: words.text("desk.open")))
        }
        for head in heads.sorted(by: { ($0.published?.validTo ?? Self.far) < ($1.published?.validTo ?? Self.far) }) {
            guard head.category != .d9, let record = head.published, record.state == .published,
                let end = record.validTo, end <= words.today.adding(days: 60)
            else { continue }
            tasks.append(
                Task(
                    text: words.text(
                        "desk.ends", ["what": ItemModel.title(record, words), "day": words.day(end)]),
                    path: Self.path(head), tone: end <= words.today.adding(days: 7) ? "error" : "warn",
                    label: words.text("desk.renew")))
        }
        self.tasks = tasks
        hasTasks = !tasks.isEmpty
        categories = DisclosureCategory.allCases.map { category in
            let own = heads.filter { $0.category == category }
            let isPresent = canteen.completeness.present.contains(category)
            let addPath = mayDraft(category) ? "\(base)/new/\(category.rawValue)" : nil
            return Category(
                name: words.label(category), tone: isPresent ? "ok" : "warn",
                status: words.text(isPresent ? "category.published" : "category.missing"), addPath: addPath,
                batchPath: addPath != nil && BatchPages.categories.contains(category)
                    ? "\(base)/batch/\(category.rawValue)" : nil,
                items: own.prefix(Self.shown).map { Self.item($0, words) }, hasItems: !own.isEmpty)
        }
    }

    private static let far = LocalDate(daysSinceEpoch: 1_000_000)

    private static func path(_ head: ItemHead) -> String { "/disclosure/desk/items/\(head.itemId.rawValue)" }

    private static func item(_ head: ItemHead, _ words: PortalWords) -> Item {
        var record = head.published
        if record == nil, let working = head.working {
            record = ItemRecord(
                position: 0, itemId: head.itemId, canteenId: head.canteenId, category: head.category, version: 0,
                state: working.state, isNotApplicable: working.isNotApplicable, content: working.content, reason: nil,
                reply: nil, isLate: false, validFrom: words.today, validTo: nil, supersededBy: nil,
                isContested: false, publishedAt: working.at, recordedAt: working.at)
        }
        let title =
            record.map { $0.isNotApplicable ? words.text("item.not_applicable") : ItemModel.title($0, words) } ?? ""
        let tone: String =
            switch head.state {
            case .published: "ok"
            case .submitted, .draft, .returned: "warn"
            case .expired: "error"
            case .superseded, .withdrawn: "plain"
            }
        return Item(
            path: path(head), title: title, state: words.text("item.state_\(head.state.rawValue)"), tone: tone,
            meta: head.published?.validTo.map { words.text("item.valid_to", ["day": words.day($0)]) } ?? "")
    }
}
