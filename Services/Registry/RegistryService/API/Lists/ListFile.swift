import Hummingbird
import Journal
import Postgres
import ServiceKit

/// A list as a CSV file for spreadsheets: what the filters show, whole, in the reader's language. Who took it, how many
/// rows and their digest are in the log.
struct ListFile: Sendable {
    /// `faults`: the name of the file and of the entry in the log.
    let name: String
    let headers: [String]
    let runtime: ServiceRuntime

    func answer<Item: Sendable>(
        _ listing: RegisterListing<Item>, _ condition: SQL, _ context: BrightContext,
        cells: @escaping @Sendable (Item) -> [[String]]
    ) async throws -> Response {
        let eventContext = try context.eventContext()
        let bytes = try await runtime.pool.transaction(isolation: .repeatableRead) { transaction in
            var writer = CSVWriter()
            var count = 0
            writer.write(headers)
            try await listing.all(condition, transaction) { items in
                for row in items.flatMap(cells) {
                    writer.write(row)
                    count += 1
                }
            }
            let file = MasterExport.File(bytes: writer.bytes, rows: count)
            try await MasterExport.record(
                file, named: name, holdsPersonalData: false, eventContext, now: context.now, transaction)
            return file.bytes
        }
        return Self.response(bytes, name)
    }

    static func response(_ bytes: [UInt8], _ name: String) -> Response {
        var response = Response.bytes(bytes, contentType: "text/csv; charset=utf-8")
        response.headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
        return response
    }
}
