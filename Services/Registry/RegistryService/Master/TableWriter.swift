import Access
import Contracts
import Crypto
import Foundation
import Journal
import PersonalData
import Postgres
import ServiceKit

/// Writes rows through the same rules as the file import, so that both refuse the same things with the same codes.
struct TableWriter<Importer: LineImporter>: TableWriting {
    typealias Line = Importer.Line

    let table: ListTable
    let actions: [Action]
    let importer: @Sendable (RegisterFacts) -> Importer
    /// Values of the table's key, as the row will have them.
    let key: @Sendable (Line, PersonalDataKeys) -> [String]
    /// Whom the row belongs to; nil where the line names nothing that exists.
    let owner: @Sendable (Line, Jurisdiction, PostgresTransaction) async throws -> Resource?

    var fields: [(column: ListColumn, isRequired: Bool)] {
        table.columns.map { column in (column, Line.Column(rawValue: column.header)?.isRequired ?? false) }
    }

    func write(
        _ values: [String: FieldValue], _ facts: RegisterFacts, _ context: BrightContext,
        _ transaction: PostgresTransaction
    ) async throws -> TableWrite {
        let importer = importer(facts)
        let line = try Self.line(values, importer.rules)
        guard let resource = try await owner(line, facts.jurisdiction, transaction),
            actions.contains(where: { context.may($0, on: resource) })
        else { throw Problem.notFound }
        try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended('registry import', 0))")
        let outcomes = try await importer.apply(
            [NumberedLine(number: 1, line: line)], isFinal: true, facts.scope, transaction)
        guard let outcome = outcomes.first else { throw Problem.unavailable() }
        if case .refused(let faults) = outcome { throw Self.problem(faults) }
        return TableWrite(rowId: Self.rowId(key(line, facts.keys)), outcome: outcome)
    }

    func load(
        path: String, _ facts: RegisterFacts, _ context: BrightContext, pool: PostgresPool
    ) async throws -> FileReport {
        let guarded = GuardedImporter(
            importer: importer(facts), jurisdiction: facts.jurisdiction, owner: owner
        ) { resource in actions.contains { context.may($0, on: resource) } }
        var file = FileImport(guarded, pool: pool, scope: facts.scope, progress: ImportProgress(isSilent: true))
        return try await file.run(path: path)
    }

    private static func line(_ values: [String: FieldValue], _ rules: Line.Rules) throws -> Line {
        var cells: [Line.Column: String] = [:]
        var faults: [ValueFault] = []
        let columns = Dictionary(
            Line.Column.allCases.map { ($0.field, $0) }, uniquingKeysWith: { first, _ in first })
        for (name, value) in values where name != "row_id" {
            guard let column = columns[name] else {
                throw Problem(
                    .badRequest, code: "unknown_field",
                    detail: LocalizedText(zh: "不认识的字段：\(name)", en: "Unknown field: \(name)"), field: name,
                    allowed: columns.keys.sorted().joined(separator: ", "))
            }
            let cell = CellRule.trimmed(Substring(value.cell))
            if let fault = CellRule.fault(cell, column: column.rawValue) { faults.append(fault) }
            cells[column] = cell
        }
        guard faults.isEmpty else { throw problem(faults) }
        switch Line.read(cells, rules) {
        case .accepted(let line): return line
        case .refused(let faults): throw problem(faults)
        }
    }

    /// 409 where the line collides with what is registered, else 422; every fault with its field.
    private static func problem(_ faults: [ValueFault]) -> Problem {
        var problem = Problem(
            faults: faults.map { fault in
                FieldFault(
                    field: Line.Column(rawValue: fault.column)?.field ?? fault.column, code: fault.code.rawValue,
                    detail: LocalizedText(
                        zh: fault.code.chinese + (fault.allowed.isEmpty ? "" : "。应为：\(fault.allowed)"),
                        en: "Not accepted: \(fault.code.english)."), allowed: fault.allowed)
            })
        if faults.contains(where: \.code.isConflict) { problem.status = .conflict }
        return problem
    }

    /// The same as `ListTable.identity` makes in SQL.
    static func rowId(_ key: [String]) -> String {
        let digest = SHA256.hash(data: Data(key.joined(separator: "\u{1f}").utf8))
        return Array(digest.prefix(16)).hexText
    }
}
