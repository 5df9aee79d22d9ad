import Access
import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// Master tables as pages: what there is, a list with search and paging, a form, the upload of a file.
struct MasterPages: Sendable {
    private let commands: MasterCommands
    private let pages: Pages
    private let views: MasterViews

    init(runtime: ServiceRuntime, gate: TrainingGate) {
        commands = MasterCommands(runtime: runtime, gate: gate)
        pages = runtime.pages
        views = MasterViews(pages: runtime.pages)
    }

    func declare(_ routes: Routes) {
        routes.get("/register", .signedIn, use: index)
        routes.get("/register/{table}", .signedIn, options: .viewed, use: list)
        routes.get("/register/{table}/export.csv", .signedIn, options: .viewed, use: export)
        routes.get("/register/{table}/new", .signedIn, use: newForm)
        routes.post("/register/{table}", .signedIn, use: create)
        routes.get("/register/{table}/rows/{row}", .signedIn, options: .viewed, use: rowForm)
        routes.post("/register/{table}/rows/{row}", .signedIn, use: replace)
        routes.get("/register/{table}/import", .signedIn, use: importForm)
        routes.post(
            "/register/{table}/import", .signedIn, options: RouteOptions(bodyLimit: MasterRoutes.fileLimit), use: load)
    }

    @Sendable private func index(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        var entries: [(table: ListTable, total: Int, mayWrite: Bool)] = []
        for writer in MasterWriters.all {
            let total = try await commands.list.count(writer.table, for: principal)
            entries.append((writer.table, total, commands.mayWrite(writer, context)))
        }
        return try views.index(entries, context)
    }

    @Sendable private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try commands.writer(context)
        let query = try MasterQuery(request, writer.table)
        let page = try await commands.list.page(writer.table, query, for: try context.requirePrincipal())
        return try views.list(writer.table, query, page, mayWrite: commands.mayWrite(writer, context), context)
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let table = try commands.writer(context).table
        return try await commands.export(table, try MasterQuery(request, table), context)
    }

    @Sendable private func newForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        var given: [String: String] = [:]
        for (column, _) in writer.fields { given[column.field] = try request.query(column.field) }
        return try views.form(writer, row: nil, version: nil, given, nil, context)
    }

    @Sendable private func create(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        let form = try await request.form(context)
        do {
            return try await commands.create(
                writer, Self.values(form, writer), key: request.idempotencyKey(form), context
            ) { row, _ in .seeOther("/registry/register/\(writer.table.name)/rows/\(row.id)") }
        } catch let problem as Problem where Self.isFormFault(problem) {
            return try views.form(writer, row: nil, version: nil, Self.given(form, writer), problem, context)
        }
    }

    private func row(
        _ writer: any TableWriting, _ context: BrightContext
    ) async throws -> (row: MasterRow, id: String) {
        let id = try context.id("row", as: CanteenID.self).rawValue
        guard let row = try await commands.list.row(writer.table, id, for: try context.requirePrincipal()) else {
            throw Problem.notFound
        }
        return (row, id)
    }

    @Sendable private func rowForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try commands.writer(context)
        let (row, id) = try await row(writer, context)
        let given = Dictionary(
            zip(writer.table.columns.map(\.field), row.cells), uniquingKeysWith: { first, _ in first })
        guard commands.mayWrite(writer, context) else { return try views.row(writer.table, row, context) }
        return try views.form(
            writer, row: id, version: try RowVersion.tag(row, writer.table), given, nil, context)
    }

    @Sendable private func replace(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        let (_, id) = try await row(writer, context)
        let form = try await request.form(context)
        do {
            return try await commands.replace(
                writer, row: id, version: form.optional("_version"), Self.values(form, writer),
                key: request.idempotencyKey(form), context
            ) { .seeOther("/registry/register/\(writer.table.name)/rows/\($0.id)") }
        } catch let problem as Problem where Self.isFormFault(problem) {
            return try views.form(
                writer, row: id, version: form.optional("_version"), Self.given(form, writer), problem, context)
        }
    }

    @Sendable private func importForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        try views.importForm(try await commands.requireWriter(context), nil, nil, context)
    }

    @Sendable private func load(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        let form = try await request.form(context)
        guard let file = form.files("file").first else {
            let missing = Problem.invalid("file", code: "missing", zh: "请选择 CSV 文件。", en: "Please choose a CSV file.")
            return try views.importForm(writer, nil, missing, context)
        }
        return try views.importForm(writer, try await commands.load(writer, file.bytes, context), nil, context)
    }

    private static func isFormFault(_ problem: Problem) -> Bool {
        problem.status == .unprocessableContent || problem.status == .conflict || problem.status == .preconditionFailed
    }

    /// A form states every column; an empty field clears its fact.
    private static func values(_ form: FormData, _ writer: any TableWriting) -> [String: FieldValue] {
        given(form, writer).mapValues(FieldValue.text)
    }

    private static func given(_ form: FormData, _ writer: any TableWriting) -> [String: String] {
        Dictionary(
            writer.table.columns.map { ($0.field, form.optional($0.field) ?? "") },
            uniquingKeysWith: { first, _ in first })
    }
}
