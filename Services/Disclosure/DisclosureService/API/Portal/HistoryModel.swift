import Calendar
import Contracts
import ServiceKit

/// What the page `history` shows: the latest entries, or the picture at one time.
struct HistoryModel {
    struct Entry {
        let category: String
        let time: String
        let item: ItemModel
    }

    let path: String
    let asOf: String
    let isAsOf: Bool
    let heading: String
    let entries: [Entry]
    let isEmpty: Bool
    let today: String
    let pager: Pager?

    init(asOf time: Instant, _ records: [ItemRecord], of canteen: CanteenRecord, _ words: PortalWords) {
        path = Self.path(canteen)
        asOf = LocalDate(time).iso
        isAsOf = true
        heading = words.text("history.as_of", ["time": words.time(time)])
        entries = records.map { Self.entry($0, words) }
        isEmpty = records.isEmpty
        today = words.today.iso
        pager = nil
    }

    init(_ page: PageOf<ItemRecord>, of canteen: CanteenRecord, _ words: PortalWords) {
        path = Self.path(canteen)
        asOf = ""
        isAsOf = false
        heading = words.text("history.all", ["n": String(page.total)])
        entries = page.items.map { Self.entry($0, words) }
        isEmpty = page.items.isEmpty
        today = words.today.iso
        pager = page.pageCount > 1 ? page.pager(path: Self.path(canteen)) : nil
    }

    private static func path(_ canteen: CanteenRecord) -> String {
        "/disclosure/canteens/\(canteen.canteenId.rawValue)/history"
    }

    private static func entry(_ record: ItemRecord, _ words: PortalWords) -> Entry {
        Entry(
            category: words.label(record.category), time: words.time(record.recordedAt),
            item: ItemModel(record, as: .everyone, words))
    }
}
