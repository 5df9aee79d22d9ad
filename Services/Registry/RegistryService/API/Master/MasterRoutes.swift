import Access
import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// Master tables in the JSON interface: one shape for all of them.
struct MasterRoutes: Sendable {
    /// Largest file of an upload: some 60,000 lines. Larger ones go through `registry import`.
    static let fileLimit = 16 << 20

    private let commands: MasterCommands

    init(runtime: ServiceRuntime, gate: TrainingGate) {
        commands = MasterCommands(runtime: runtime, gate: gate)
    }

    func declare(_ routes: Routes) {
        routes.get("/v1/register", .signedIn, use: tables)
        routes.get("/v1/register/{table}", .signedIn, options: .viewed, use: rows)
        routes.post("/v1/register/{table}", .signedIn, use: create)
        routes.get("/v1/register/{table}/export.csv", .signedIn, options: .viewed, use: export)
        routes.post(
            "/v1/register/{table}/import", .signedIn, options: RouteOptions(bodyLimit: Self.fileLimit), use: load)
        routes.get("/v1/register/{table}/rows/{row}", .signedIn, options: .viewed, use: row)
        routes.put("/v1/register/{table}/rows/{row}", .signedIn, use: replace)
    }

    private struct TableDocument: Encodable {
        struct Column: Encodable {
            let field: String
            let header: String
            let isRequired: Bool
        }
        let name: String
        let isWritable: Bool
        let columns: [Column]
    }

    @Sendable private func tables(_ request: Request, _ context: BrightContext) async throws -> Response {
        let documents = MasterWriters.all.map { writer in
            TableDocument(
                name: writer.table.name, isWritable: commands.mayWrite(writer, context),
                columns: writer.fields.map {
                    TableDocument.Column(field: $0.column.field, header: $0.column.header, isRequired: $0.isRequired)
                })
        }
        return try .json(["items": documents])
    }

    private struct RowsDocument: Encodable {
        let items: [[String: FieldValue]]
        let page: Int?
        let perPage: Int
        let total: Int
        let next: String?
    }

    @Sendable private func rows(_ request: Request, _ context: BrightContext) async throws -> Response {
        let table = try commands.writer(context).table
        let query = try MasterQuery(request, table)
        let page = try await commands.list.page(table, query, for: try context.requirePrincipal())
        return try .json(
            RowsDocument(
                items: page.rows.map { $0.document(table) }, page: query.after == nil ? query.page.number : nil,
                perPage: query.page.size, total: page.total, next: page.next))
    }

    @Sendable private func row(_ request: Request, _ context: BrightContext) async throws -> Response {
        let table = try commands.writer(context).table
        guard
            let row = try await commands.list.row(
                table, try context.id("row", as: CanteenID.self).rawValue, for: try context.requirePrincipal())
        else { throw Problem.notFound }
        return try Self.answer(row, table, .ok)
    }

    private static func answer(
        _ row: MasterRow, _ table: ListTable, _ status: HTTPResponse.Status
    ) throws -> Response {
        var response = try Response.json(row.document(table), status: status)
        response.headers[.eTag] = try RowVersion.tag(row, table)
        response.headers[.location] = "/registry/v1/register/\(table.name)/rows/\(row.id)"
        return response
    }

    @Sendable private func create(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        let values = try await request.json([String: FieldValue].self, context)
        return try await commands.create(writer, values, key: request.idempotencyKey(), context) { row, isNew in
            try Self.answer(row, writer.table, isNew ? .created : .ok)
        }
    }

    @Sendable private func replace(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        let id = try context.id("row", as: CanteenID.self).rawValue
        let version = request.headers[.ifMatch]
        let values = try await request.json([String: FieldValue].self, context)
        return try await commands.replace(
            writer, row: id, version: version, values, key: request.idempotencyKey(), context
        ) { try Self.answer($0, writer.table, .ok) }
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let table = try commands.writer(context).table
        return try await commands.export(table, try MasterQuery(request, table), context)
    }

    @Sendable private func load(_ request: Request, _ context: BrightContext) async throws -> Response {
        let writer = try await commands.requireWriter(context)
        guard (request.headers[.contentType] ?? "").lowercased().hasPrefix("text/csv") else {
            throw Problem(
                .unsupportedMediaType, code: "unsupported_media_type",
                detail: LocalizedText(zh: "请上传 CSV 文件。", en: "Please send a CSV file."), field: "Content-Type",
                allowed: "text/csv")
        }
        let body = try await request.body.collect(upTo: context.bodyLimit)
        return try .json(try await commands.load(writer, Array(body.readableBytesView), context))
    }
}
