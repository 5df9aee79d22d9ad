import CLibPQ

/// A complete result, freed with this object.
final class QueryResult {
    private let handle: OpaquePointer
    private let columns: ResultColumns
    let rowCount: Int32

    init(_ handle: OpaquePointer, columns: ResultColumns) {
        self.handle = handle
        self.columns = columns
        rowCount = PQntuples(handle)
    }

    deinit { PQclear(handle) }

    func cell(_ row: Int32, _ name: String) throws -> Cell {
        guard let column = columns.positions[name] else {
            throw PostgresError(
                code: PostgresError.decoding, message: "the statement returns no column \(name)", column: name)
        }
        let type = columns.types[Int(column)]
        if PQgetisnull(handle, row, column) == 1 { return Cell(column: name, type: type, bytes: nil) }
        let length = Int(PQgetlength(handle, row, column))
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(handle, row, column), count: length)
        return Cell(column: name, type: type, bytes: bytes)
    }

    /// Rows affected by INSERT, UPDATE, DELETE, MERGE; rows returned by SELECT; 0 for the rest.
    var affectedRows: Int {
        guard let text = PQcmdTuples(handle) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }
}

/// Names and types of a result's columns; the same for every execution of one prepared statement.
struct ResultColumns {
    let positions: [String: Int32]
    let types: [UInt32]

    init(of result: OpaquePointer) {
        var positions: [String: Int32] = [:]
        var types: [UInt32] = []
        for column in 0..<PQnfields(result) {
            if let name = PQfname(result, column) { positions[String(cString: name)] = column }
            types.append(PQftype(result, column))
        }
        self.positions = positions
        self.types = types
    }
}
