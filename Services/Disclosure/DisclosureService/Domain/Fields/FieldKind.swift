/// What a field of an item may hold.
enum FieldKind: Hashable, Sendable {
    /// Free text, screened for identity and telephone numbers.
    case text(maximum: Int)
    /// A person's name: published as surname and star (张*), kept sealed beside the item.
    case person
    /// `YYYY-MM-DD`.
    case date
    /// `YYYY-MM`.
    case month
    case integer(ClosedRange<Int>)
    /// At most nine digits and four decimals, not negative; kept as text so that nothing is rounded.
    case decimal
    case choice([FieldChoice])
    /// Digests of files that were sent before.
    case files(maximum: Int)

    /// Name of the kind in the field documentation.
    var name: String {
        switch self {
        case .text: "text"
        case .person: "person"
        case .date: "date"
        case .month: "month"
        case .integer: "integer"
        case .decimal: "decimal"
        case .choice: "choice"
        case .files: "files"
        }
    }
}

/// One of the values of a choice.
struct FieldChoice: Hashable, Sendable {
    let code: String
    let label: Bilingual

    init(_ code: String, _ zh: String, _ en: String) {
        self.code = code
        label = Bilingual(zh, en)
    }
}
