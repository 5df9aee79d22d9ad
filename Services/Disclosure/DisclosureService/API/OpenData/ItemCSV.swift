/// Items as a table: the fields of all categories in one column of JSON-free `name=value` pairs would be no table, so
/// each category's fields are columns of their own.
enum ItemCSV {
    private static let fixed = [
        "item_id", "canteen_id", "category", "version", "state", "not_applicable", "late", "contested", "valid_from",
        "valid_to", "published_at", "recorded_at", "position", "superseded_by", "reason", "reply",
    ]

    static func table(_ documents: [ItemDocument]) -> [UInt8] {
        let names = Set(documents.flatMap { $0.content.values.keys }).sorted()
        return CSVText.table(
            fixed + names.map { "content.\($0)" },
            documents.map { document in row(document) + names.map { value(document.content.values[$0]) } })
    }

    private static func row(_ item: ItemDocument) -> [String] {
        [
            item.itemId.rawValue, item.canteenId.rawValue, item.category.rawValue, String(item.version),
            item.state.rawValue, String(item.notApplicable), String(item.late), String(item.contested),
            item.validFrom.iso, item.validTo?.iso ?? "", item.publishedAt.rfc3339, item.recordedAt.rfc3339,
            String(item.position), item.supersededBy?.rawValue ?? "", item.reason ?? "", item.reply ?? "",
        ]
    }

    private static func value(_ value: FieldValue?) -> String {
        switch value {
        case nil: ""
        case .text(let text): text
        case .integer(let number): String(number)
        case .files(let files): files.joined(separator: " ")
        }
    }
}
