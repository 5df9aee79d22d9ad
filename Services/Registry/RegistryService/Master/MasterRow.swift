import ServiceKit

/// A row of a master table, one text per column; an empty text = not known.
struct MasterRow: Sendable {
    let id: String
    let key: [String]
    let cells: [String]

    /// The row as JSON: numbers as numbers, lists as lists, absent facts as null.
    func document(_ table: ListTable) -> [String: FieldValue] {
        var document: [String: FieldValue] = ["row_id": .text(id)]
        for (column, cell) in zip(table.columns, cells) { document[column.field] = Self.value(cell, column.form) }
        return document
    }

    private static func value(_ cell: String, _ form: ListColumn.Form) -> FieldValue {
        guard !cell.isEmpty else { return .none }
        switch form {
        case .text, .day, .choice, .sealed: return .text(cell)
        case .number: return Int(cell).map(FieldValue.number) ?? .text(cell)
        case .flag: return .flag(cell == "是")
        case .words: return .words(cell.split(separator: "、").map(String.init))
        }
    }
}
