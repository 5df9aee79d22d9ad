import Calendar

/// The checked fields of an item by name. Names of persons are masked here; the full ones rest sealed elsewhere.
struct ItemContent: Hashable, Sendable, Codable {
    var values: [String: FieldValue]

    init(_ values: [String: FieldValue] = [:]) {
        self.values = values
    }

    init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: FieldValue].self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    func text(_ name: String) -> String? { values[name]?.text }

    func day(_ name: String) -> LocalDate? { text(name).flatMap { LocalDate(iso: $0) } }

    /// What this audience may see.
    func visible(to audience: Audience, _ definition: CategoryDefinition) -> ItemContent {
        ItemContent(values.filter { definition.field($0.key)?.audiences.contains(audience) ?? false })
    }
}
