import Access
import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// What people do with master tables, whether by JSON or by a page.
struct MasterCommands: Sendable {
    let runtime: ServiceRuntime
    let gate: TrainingGate
    var list: MasterList { MasterList(pool: runtime.pool, keys: runtime.personalDataKeys) }

    /// 404 for a table that is not there or that the role never writes.
    func writer(_ context: BrightContext) throws -> any TableWriting {
        guard let name = context.parameters.get("table"), let writer = MasterWriters.named(name) else {
            throw Problem.notFound
        }
        // Staff of organs and schools; not the separate administrators, not parents.
        let roles: [Action] = [.registerCanteen, .draftSchoolItems, .runPatrol]
        guard roles.contains(where: { context.may($0, intent: .read) }) else {
            _ = try context.requirePrincipal()
            throw Problem.forbidden
        }
        return writer
    }

    func requireWriter(_ context: BrightContext) async throws -> any TableWriting {
        let writer = try writer(context)
        guard mayWrite(writer, context) else { throw Problem.forbidden }
        try await gate.check(context)
        return writer
    }

    /// By the role alone: for buttons, and before anything is read.
    func mayWrite(_ writer: any TableWriting, _ context: BrightContext) -> Bool {
        writer.actions.contains { context.may($0) }
    }

    private func facts(_ context: BrightContext) async throws -> RegisterFacts {
        RegisterFacts(
            jurisdiction: Jurisdiction(organs: try await runtime.pool.query(OrganStore.all, OrganStore.decode)),
            scope: ImportScope(context: try context.eventContext(), now: context.now),
            keys: runtime.personalDataKeys)
    }

    /// A new row: 201, or 200 where the very same row was there; 409 where another one has its key.
    func create(
        _ writer: any TableWriting, _ values: [String: FieldValue], key: String?, _ context: BrightContext,
        answer: @escaping @Sendable (MasterRow, Bool) throws -> Response
    ) async throws -> Response {
        try await store(writer, values, key: key, context) { write, row in
            if case .changed = write.outcome {
                throw Problem.conflict(
                    code: "already_registered", zh: "已有同一编号的记录；要修改请先打开该记录。",
                    en: "There is a record with this key already. Open it to change it.")
            }
            if case .added = write.outcome { return try answer(row, true) }
            return try answer(row, false)
        }
    }

    /// Replaces a row. Its key stays.
    func replace(
        _ writer: any TableWriting, row id: String, version: String?, _ values: [String: FieldValue], key: String?,
        _ context: BrightContext, answer: @escaping @Sendable (MasterRow) throws -> Response
    ) async throws -> Response {
        guard try await list.row(writer.table, id, for: context.requirePrincipal()) != nil else {
            throw Problem.notFound
        }
        return try await store(writer, values, key: key, context, expected: (id, version)) { write, row in
            guard write.rowId == id else {
                throw Problem.conflict(
                    code: "key_changed", zh: "不能修改记录的编号；请登记新的记录。",
                    en: "The key of a record cannot be changed. Register a new one.")
            }
            return try answer(row)
        }
    }

    private func store(
        _ writer: any TableWriting, _ values: [String: FieldValue], key: String?, _ context: BrightContext,
        expected: (row: String, version: String?)? = nil,
        answer: @escaping @Sendable (TableWrite, MasterRow) throws -> Response
    ) async throws -> Response {
        let facts = try await facts(context)
        let content = try BrightJSON.encode(values)
        let idempotency = runtime.idempotency
        return try await runtime.pool.transaction { transaction in
            try await idempotency.once(key: key, content: content, context: context, in: transaction) {
                try await transaction.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended('registry import', 0))")
                if let expected {
                    guard let current = try await row(writer.table, expected.row, transaction) else {
                        throw Problem.notFound
                    }
                    try RowVersion.check(expected.version, RowVersion.tag(current, writer.table))
                }
                let write = try await writer.write(
                    values, facts, context, transaction)
                guard let row = try await row(writer.table, write.rowId, transaction) else { throw Problem.notFound }
                return try answer(write, row)
            }
        }
    }

    private func row(
        _ table: ListTable, _ id: String, _ transaction: PostgresTransaction
    ) async throws -> MasterRow? {
        try await list.rows(
            table, condition: "\(table.identity) = \(id)", order: table.order, limit: 1, offset: 0, transaction
        ).first
    }

    /// What the list shows, whole, as CSV; who took it, how many rows and their digest are in the log.
    func export(_ table: ListTable, _ query: MasterQuery, _ context: BrightContext) async throws -> Response {
        let condition = MasterList.condition(table, query, for: try context.requirePrincipal())
        let eventContext = try context.eventContext()
        let list = list
        let bytes = try await runtime.pool.transaction { transaction in
            let file = try await MasterExport.file(table, condition: condition, list, transaction)
            try await MasterExport.record(file, of: table, eventContext, now: context.now, transaction)
            return file.bytes
        }
        var response = Response.bytes(bytes, contentType: "text/csv; charset=utf-8")
        response.headers[.contentDisposition] = "attachment; filename=\"\(table.name).csv\""
        return response
    }

    /// A file of rows; those outside the person's area are refused one by one.
    func load(_ writer: any TableWriting, _ bytes: [UInt8], _ context: BrightContext) async throws -> FileReport {
        let facts = try await facts(context)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUIDv7.string()).csv")
        try Data(bytes).write(to: file)
        do {
            let report = try await writer.load(
                path: file.path, facts, context, pool: runtime.pool)
            try FileManager.default.removeItem(at: file)
            return report
        } catch {
            try FileManager.default.removeItem(at: file)
            throw error
        }
    }
}
