/// One field of a category: what it is called, what it may hold, who sees it.
struct FieldDefinition: Hashable, Sendable {
    let name: String
    let label: Bilingual
    let kind: FieldKind
    let isRequired: Bool
    let audiences: Set<Audience>
    /// Unit of a number, e.g. `g/kg`.
    let unit: String?

    init(
        _ name: String, _ zh: String, _ en: String, _ kind: FieldKind, required: Bool = true,
        audiences: Set<Audience> = Set(Audience.allCases), unit: String? = nil
    ) {
        self.name = name
        label = Bilingual(zh, en)
        self.kind = kind
        isRequired = required
        self.audiences = audiences
        self.unit = unit
    }

    var isPublic: Bool { audiences.contains(.everyone) }

    /// What is accepted, for error messages and the field documentation.
    var allowed: String {
        switch kind {
        case .text(let maximum): "1…\(maximum) characters, no identity or mobile numbers"
        case .person: "1…20 characters, no digits"
        case .date: "YYYY-MM-DD"
        case .month: "YYYY-MM"
        case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
        case .decimal: "0…999999999, at most 4 decimals"
        case .choice(let choices): choices.map(\.code).joined(separator: ", ")
        case .files(let maximum): "at most \(maximum) digests of files sent before"
        }
    }
}
