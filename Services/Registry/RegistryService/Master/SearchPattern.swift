import Postgres

/// Substring search that a GIN index over pairs of characters can help: pairs narrow, ILIKE decides.
enum SearchPattern {
    static func matches(_ expression: SQL, _ text: String) -> SQL {
        "\(expression) ILIKE \(pattern(text))"
    }

    /// For the expressions that have a `character_pairs` index.
    static func matchesIndexed(_ expression: SQL, _ text: String) -> SQL {
        guard text.unicodeScalars.count > 1 else { return matches(expression, text) }
        return "(character_pairs(\(expression)) @> character_pairs(\(text)) AND \(expression) ILIKE \(pattern(text)))"
    }

    private static func pattern(_ text: String) -> String {
        "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
    }
}
