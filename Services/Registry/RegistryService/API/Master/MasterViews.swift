import HTTPTypes
import Hummingbird
import ServiceKit

/// Models of the pages of master tables.
struct MasterViews: Sendable {
    let pages: Pages

    private struct Entry {
        let title: String
        let path: String
        let total: String
        let newPath: String?
    }

    private struct IndexModel {
        let entries: [Entry]
    }

    func title(_ table: ListTable, _ context: BrightContext) -> String {
        pages.text("register_table." + table.name.replacing("-", with: "_"), context)
    }

    func label(_ column: ListColumn, _ context: BrightContext) -> String {
        guard context.language == .en else { return column.header }
        let words = column.field.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private func path(_ table: ListTable) -> String { "/registry/register/\(table.name)" }

    private func crumbs(_ table: ListTable, _ context: BrightContext, _ last: String? = nil) -> [Crumb] {
        let root = [Crumb(pages.text("register.title", context), "/registry/register")]
        guard let last else { return root + [Crumb(title(table, context))] }
        return root + [Crumb(title(table, context), path(table)), Crumb(last)]
    }

    func index(
        _ entries: [(table: ListTable, total: Int, mayWrite: Bool)], _ context: BrightContext
    ) throws -> Response {
        try pages.render(
            "register", context,
            PageMeta(
                title: pages.text("register.title", context), lead: pages.text("register.lead", context),
                current: "canteens"),
            model: IndexModel(
                entries: entries.map { entry in
                    Entry(
                        title: title(entry.table, context), path: path(entry.table),
                        total: pages.text("register.rows", context, ["n": String(entry.total)]),
                        newPath: entry.mayWrite ? path(entry.table) + "/new" : nil)
                }))
    }

    /// More columns than these do not fit side by side; a row's own page, the file and the JSON list have all of them.
    private static let widest = 9

    /// Indices of the columns that a list shows.
    private static func shown(_ table: ListTable) -> [Int] {
        guard let chosen = table.listed else { return Array(table.columns.indices.prefix(widest)) }
        return chosen.compactMap { field in table.columns.firstIndex { $0.field == field } }
    }

    private struct Cell {
        let label: String
        let value: String
        /// Only the first cell of a row leads to it. Not `path`: every page has one of its own, which would show through.
        let link: String?
    }

    private struct Row {
        let cells: [Cell]
    }

    private struct ListModel {
        let action: String
        let search: String
        let headers: [String]
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let newPath: String?
        let importPath: String?
        let exportPath: String
    }

    func list(
        _ table: ListTable, _ query: MasterQuery, _ page: MasterList.Page, mayWrite: Bool, _ context: BrightContext
    ) throws -> Response {
        var parameters = query.filters.map { "\($0.column.field)=\(PercentEncoding.queryValue($0.value))" }
        if let search = query.search { parameters.append("q=" + PercentEncoding.queryValue(search)) }
        if let sort = query.sort { parameters.append("sort=\(sort.isDescending ? "-" : "")\(sort.column.field)") }
        let suffix = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        let shown = Self.shown(table)
        let rows = page.rows.map { row in
            Row(
                cells: shown.enumerated().map { place, index in
                    let cell = row.cells[index]
                    return Cell(
                        label: label(table.columns[index], context), value: cell.isEmpty ? "—" : cell,
                        link: place == 0 ? "\(path(table))/rows/\(row.id)" : nil)
                })
        }
        let pageOf = PageOf(rows, of: query.page, total: page.total)
        return try pages.render(
            "register_list", context,
            PageMeta(
                title: title(table, context), crumbs: crumbs(table, context),
                lead: pages.text("register.rows", context, ["n": String(page.total)]), current: "canteens", isWide: true
            ),
            model: ListModel(
                action: path(table), search: query.search ?? "",
                headers: shown.map { label(table.columns[$0], context) },
                rows: rows, isEmpty: rows.isEmpty, text: pages.text("register.none", context),
                pager: pageOf.pager(path: path(table) + suffix), newPath: mayWrite ? path(table) + "/new" : nil,
                importPath: mayWrite ? path(table) + "/import" : nil,
                exportPath: path(table) + "/export.csv" + suffix))
    }

    private struct Fact {
        let label: String
        let value: String
    }

    private struct RowModel {
        let facts: [Fact]
    }

    func row(_ table: ListTable, _ row: MasterRow, _ context: BrightContext) throws -> Response {
        try pages.render(
            "register_row", context,
            PageMeta(
                title: title(table, context), crumbs: crumbs(table, context, pages.text("register.row", context)),
                current: "canteens"),
            model: RowModel(
                facts: zip(table.columns, row.cells).map {
                    Fact(label: label($0, context), value: $1.isEmpty ? "—" : $1)
                }))
    }

    private struct FormModel {
        let action: String
        let version: String?
        let fields: [FormField]
        let alert: String?
        let submit: String
    }

    func form(
        _ writer: any TableWriting, row: String?, version: String?, _ given: [String: String], _ problem: Problem?,
        _ context: BrightContext
    ) throws -> Response {
        let table = writer.table
        let fields = writer.fields.map { column, isRequired in
            field(column, isRequired, given[column.field] ?? "", problem, context)
        }
        let known = Set(table.columns.map(\.field))
        let isElsewhere =
            problem.map { $0.faults.isEmpty || !$0.faults.allSatisfy { known.contains($0.field) } } ?? false
        let action = row.map { "\(path(table))/rows/\($0)" } ?? path(table)
        let heading = pages.text(row == nil ? "register.new" : "register.edit", context)
        return try pages.render(
            "register_form", context,
            PageMeta(
                title: "\(title(table, context)) · \(heading)", crumbs: crumbs(table, context, heading),
                current: "canteens"),
            model: FormModel(
                action: action, version: version, fields: fields,
                alert: isElsewhere ? problem?.detail[context.language] : nil,
                submit: pages.text("register.save", context)), status: problem?.status ?? .ok)
    }

    private func field(
        _ column: ListColumn, _ isRequired: Bool, _ value: String, _ problem: Problem?, _ context: BrightContext
    ) -> FormField {
        let fault = problem?.faults.first { $0.field == column.field }?.detail[context.language]
        let name = label(column, context)
        func select(_ words: [String]) -> FormField {
            let options = [FormField.Option(value: "", label: "—", isSelected: value.isEmpty)]
            return FormField(
                column.field, label: name, kind: .select, fault: fault, isOptional: !isRequired,
                options: options + words.map { FormField.Option(value: $0, label: $0, isSelected: $0 == value) })
        }
        switch column.form {
        case .choice(let words): return select(words)
        case .flag: return select(["是", "否"])
        case .day:
            return FormField(
                column.field, label: name, value: value, type: "date", fault: fault, isOptional: !isRequired)
        case .words:
            return FormField(
                column.field, label: name, value: value, hint: pages.text("register.words", context), fault: fault,
                isOptional: !isRequired, maximum: 400)
        case .text, .number, .sealed:
            return FormField(
                column.field, label: name, value: value, fault: fault, isOptional: !isRequired, maximum: 100)
        }
    }

    private struct FaultRow {
        let line: String
        let column: String
        let message: String
        let allowed: String
        let code: String
    }

    private struct ImportModel {
        let action: String
        let columns: String
        let required: String
        let fault: String?
        let isDone: Bool
        let summary: String
        let faults: [FaultRow]
        let hasFaults: Bool
    }

    func importForm(
        _ writer: any TableWriting, _ report: FileReport?, _ problem: Problem?, _ context: BrightContext
    ) throws -> Response {
        let table = writer.table
        let separator = "、"
        let summary = report.map {
            pages.text(
                "register.import_done", context,
                [
                    "added": String($0.added), "changed": String($0.changed), "unchanged": String($0.unchanged),
                    "refused": String($0.refusedLines),
                ])
        }
        let faults = (report?.faults ?? []).map {
            FaultRow(
                line: $0.line.map(String.init) ?? "—", column: $0.column ?? "—",
                message: context.language == .zh ? $0.message : $0.code.english, allowed: $0.allowed,
                code: $0.code.rawValue)
        }
        let heading = pages.text("register.import", context)
        return try pages.render(
            "register_import", context,
            PageMeta(
                title: "\(title(table, context)) · \(heading)", crumbs: crumbs(table, context, heading),
                current: "canteens", isWide: true),
            model: ImportModel(
                action: path(table) + "/import", columns: table.columns.map(\.header).joined(separator: separator),
                required: writer.fields.filter(\.isRequired).map(\.column.header).joined(separator: separator),
                fault: problem?.detail[context.language], isDone: report != nil, summary: summary ?? "",
                faults: faults, hasFaults: !faults.isEmpty), status: problem?.status ?? .ok)
    }
}
