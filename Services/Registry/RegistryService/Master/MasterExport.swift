import Calendar
import Crypto
import Foundation
import Journal
import Postgres

/// Master tables as files.
enum MasterExport {
    struct File: Sendable {
        let bytes: [UInt8]
        let rows: Int

        var digest: String {
            Array(SHA256.hash(data: Data(bytes))).hexText
        }
    }

    static func file(
        _ table: ListTable, condition: SQL = "true", _ list: MasterList, _ executor: some PostgresExecutor
    ) async throws -> File {
        var writer = CSVWriter()
        var count = 0
        writer.write(table.columns.map(\.header))
        try await list.export(table, condition: condition, executor) { rows in
            for row in rows { writer.write(row.cells) }
            count += rows.count
        }
        return File(bytes: writer.bytes, rows: count)
    }

    private struct Fact: Encodable {
        let table: String
        let rows: Int
        let sha256: String
        let holdsPersonalData: Bool
    }

    static func record(
        _ file: File, of table: ListTable, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await record(
            file, named: table.name, holdsPersonalData: table.holdsPersonalData, context, now: now, transaction)
    }

    static func record(
        _ file: File, named name: String, holdsPersonalData: Bool, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.registry.export.made.v1", subject: name,
            data: Fact(table: name, rows: file.rows, sha256: file.digest, holdsPersonalData: holdsPersonalData),
            context, occurredAt: now)
    }
}
