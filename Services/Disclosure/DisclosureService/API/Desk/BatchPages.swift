import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// Batch entry by CSV: all lines or none, every fault with its line.
struct BatchPages: Sendable {
    static let categories: [DisclosureCategory] = [.d5, .d6, .d7, .d9]
    static let mostLines = 500

    private struct Model {
        let path: String
        let templatePath: String
        let columns: String
        let maximum: String
        let hasFaults: Bool
        let faults: [ItemFormModel.Fault]
        let done: String?
    }

    let commands: DeskCommands
    private var runtime: ServiceRuntime { commands.runtime }

    func declare(_ routes: Routes) {
        routes.get("/desk/canteens/{id}/batch/{category}", .action(.draftSchoolItems)) { _, context in
            try await page(context, problem: nil)
        }
        routes.get("/desk/canteens/{id}/batch/{category}/template.csv", .action(.draftSchoolItems)) { _, context in
            let (_, definition) = try await target(context)
            return Response.bytes(
                CSVText.table(columns(definition).map(\.name), [columns(definition).map(\.allowed)]),
                contentType: "text/csv; charset=utf-8")
        }
        routes.post(
            "/desk/canteens/{id}/batch/{category}", .action(.draftSchoolItems),
            options: RouteOptions(bodyLimit: 2 << 20)
        ) { request, context in try await take(request, context) }
    }

    private func columns(_ definition: CategoryDefinition) -> [FieldDefinition] {
        definition.fields.filter { if case .files = $0.kind { false } else { true } }
    }

    private func target(_ context: BrightContext) async throws -> (CanteenRecord, CategoryDefinition) {
        guard let category = DisclosureCategory(rawValue: context.parameters.get("category") ?? ""),
            Self.categories.contains(category)
        else { throw Problem.notFound }
        let canteen = try await context.canteen(context.id("id"), for: .draftSchoolItems, commands.pool)
        return (canteen, .of(category))
    }

    private func page(_ context: BrightContext, problem: Problem?) async throws -> Response {
        let (canteen, definition) = try await target(context)
        let words = PortalWords(runtime.pages, context)
        let path = "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)/batch/\(definition.category.rawValue)"
        let model = Model(
            path: path, templatePath: "\(path)/template.csv",
            columns: columns(definition).map(\.name).joined(separator: ", "),
            maximum: words.text("batch.maximum", ["n": String(Self.mostLines)]), hasFaults: problem != nil,
            faults: problem?.faults.map {
                .init(field: $0.field, detail: "\($0.field)：\($0.detail[context.language])")
            } ?? [], done: nil)
        return try runtime.pages.render(
            "batch", context,
            PageMeta(
                title: words.text("batch.title", ["category": words.label(definition.category)]),
                crumbs: [
                    Crumb(words.text("desk.title"), "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)"),
                    Crumb(words.label(definition.category)),
                ], lead: canteen.name, current: "publishing"), model: model, status: problem?.status ?? .ok)
    }

    private func take(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (canteen, definition) = try await target(context)
        let sent = try await request.form(context)
        do {
            guard let file = sent.files("file").first else {
                throw Problem.invalid("file", code: "missing", zh: "请选择文件。", en: "Choose a file.")
            }
            let rows = try CSVRows.read(file.bytes, columns: columns(definition).map(\.name), most: Self.mostLines)
            let actor = try context.actor()
            var prepared: [ItemDesk.Prepared] = []
            var faults: [FieldFault] = []
            for (line, row) in rows {
                do {
                    prepared.append(
                        try await commands.items.prepare(
                            ItemDraft(input: row.mapValues { .text($0) }), definition, of: canteen.canteenId, actor))
                } catch let problem as Problem where problem.status == .unprocessableContent {
                    faults += problem.faults.map {
                        FieldFault(
                            field: "line \(line) \($0.field)", code: $0.code, detail: $0.detail, allowed: $0.allowed)
                    }
                }
            }
            guard faults.isEmpty else { throw Problem(faults: faults) }
            let publishes = context.may(definition.publishAction, on: canteen.resource)
            let all = prepared
            return try await commands.once(request.idempotencyKey(sent), file.bytes, context) { transaction in
                for entry in all {
                    let id = try await commands.items.save(
                        entry, as: nil, definition, of: canteen.canteenId, revision: nil, actor, transaction)
                    if publishes {
                        try await commands.items.publish(id, actor, transaction)
                    } else {
                        try await commands.items.submit(id, actor, transaction)
                    }
                }
                return .seeOther("/disclosure/desk/canteens/\(canteen.canteenId.rawValue)")
            }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await page(
                context,
                problem: problem.faults.isEmpty
                    ? Problem(faults: [FieldFault(field: "file", code: problem.code, detail: problem.detail)]) : problem
            )
        }
    }
}

/// Reads a small CSV (RFC 4180, UTF-8 with or without a byte order mark) whole.
enum CSVRows {
    /// Rows with their line numbers, by column name. Unknown or missing columns are refused.
    static func read(_ bytes: [UInt8], columns: [String], most: Int) throws -> [(Int, [String: String])] {
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: body, as: UTF8.self), WellFormed.isText(text) else {
            throw Problem.invalid("file", code: "not_utf8", zh: "文件不是 UTF-8 文本。", en: "The file is not UTF-8 text.")
        }
        var records = try records(text)
        guard !records.isEmpty else {
            throw Problem.invalid("file", code: "file_empty", zh: "文件是空的。", en: "The file is empty.")
        }
        let header = records.removeFirst().1.map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init)
        guard Set(header) == Set(columns), header.count == columns.count else {
            throw Problem.invalid(
                "file", code: "wrong_columns", zh: "列名不符。", en: "The columns are not those expected.",
                allowed: columns.joined(separator: ", "))
        }
        records.removeAll { $0.1.allSatisfy(\.isEmpty) }
        guard (1...most).contains(records.count) else {
            throw Problem.invalid(
                "file", code: "too_many_lines", zh: "行数应为 1 到 \(most)。", en: "1 to \(most) lines, please.",
                allowed: "1…\(most)")
        }
        return try records.map { line, cells in
            guard cells.count == header.count else {
                throw Problem.invalid(
                    "file", code: "wrong_cell_count", zh: "第 \(line) 行的列数不符。",
                    en: "Line \(line) has another number of cells.", allowed: String(header.count))
            }
            return (line, Dictionary(zip(header, cells.map { $0.trimmed })) { $1 })
        }
    }

    private static func records(_ text: String) throws -> [(Int, [String])] {
        var records: [(Int, [String])] = []
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var line = 1
        var start = 1
        var previousWasQuote = false
        func endRecord() {
            cells.append(cell)
            records.append((start, cells))
            cells = []
            cell = ""
            start = line
        }
        for character in text {
            if character.isNewline { line += 1 }
            if isQuoted {
                if character == "\"" {
                    isQuoted = false
                    previousWasQuote = true
                } else {
                    cell.append(character)
                }
                continue
            }
            switch character {
            case "\"":
                // A doubled quote inside a quoted cell is one quote.
                if previousWasQuote { cell.append("\"") }
                isQuoted = true
            case ",":
                cells.append(cell)
                cell = ""
            case _ where character.isNewline:
                endRecord()
            default:
                cell.append(character)
            }
            previousWasQuote = false
        }
        guard !isQuoted else {
            throw Problem.invalid(
                "file", code: "open_quote", zh: "第 \(start) 行的引号没有结束。", en: "A quote of line \(start) does not end.")
        }
        if !cell.isEmpty || !cells.isEmpty { endRecord() }
        return records
    }
}

extension String {
    fileprivate var trimmed: String {
        String(trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed())
    }
}
