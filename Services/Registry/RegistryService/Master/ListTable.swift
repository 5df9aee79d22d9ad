import Postgres

/// A master table as a list: what `registry export` writes, what the JSON lists answer, what the pages show.
/// All SQL here is written by hand; nothing that a person sends is ever pasted into it.
struct ListTable: Sendable {
    /// Which of its rows a person finds.
    enum Reach: Sendable {
        /// Rows that join `c` (canteen) and `i` (institution).
        case canteen
        /// Rows that join `i` only.
        case institution
        /// Everybody who is signed in: organs and townships are public facts.
        case everyone
        /// Rows that join `i` and `o`: the person's institutions, or the person's own organ's.
        case organiser
    }

    /// `contracts`: last segment of the address, option of `registry export`.
    let name: String
    let columns: [ListColumn]
    /// FROM and JOINs.
    let source: String
    /// Fields that the page of the list shows; nil: the first ones.
    var listed: [String]?
    /// What every row of the list satisfies.
    var filter = "true"
    /// Expressions that together name a row, in the order of the export.
    let key: [String]
    let reach: Reach
    /// Text expressions that a search looks into.
    let search: [String]
    /// True where rows name persons: an export of it is marked in the log.
    var holdsPersonalData = false

    /// A stable id of a row, made from its key.
    var identity: SQL {
        SQL(
            trusted:
                "left(encode(sha256(convert_to(concat_ws(chr(31), \(key.joined(separator: ", "))), 'UTF8')), 'hex'), 32)"
        )
    }

    var order: SQL { SQL(trusted: key.map { "\($0) COLLATE \"C\"" }.joined(separator: ", ")) }

    var cells: SQL {
        SQL(trusted: "ARRAY[" + columns.map { "coalesce((\($0.expression))::text, '')" }.joined(separator: ", ") + "]")
    }

    func column(_ field: String) -> ListColumn? { columns.first { $0.field == field } }
}

extension ListTable {
    /// Columns in the order of the file; every one needs its expression.
    static func columns<Column: ImportColumn>(
        _ type: Column.Type, forms: [Column: ListColumn.Form] = [:], _ expressions: [Column: String]
    ) -> [ListColumn] {
        Column.allCases.compactMap { column in
            expressions[column].map {
                ListColumn(
                    header: column.rawValue, field: column.field, expression: $0,
                    form: forms[column] ?? ($0.hasPrefix(dayStart) ? .day : .text))
            }
        }
    }

    private static let dayStart = "to_char("

    static func day(_ column: String) -> String { "\(dayStart)\(column), 'YYYY-MM-DD')" }
    static func word(_ column: String, _ words: [(String, String)]) -> String {
        "CASE \(column)::text " + words.map { "WHEN '\($0.0)' THEN '\($0.1)'" }.joined(separator: " ") + " END"
    }
    /// For columns of the form `.sealed`.
    static func sealed(_ alias: String) -> String { "\(alias).person_id || chr(31) || \(alias).name" }
    static func flag(_ condition: String) -> String { "CASE WHEN \(condition) THEN '是' ELSE '否' END" }
}
