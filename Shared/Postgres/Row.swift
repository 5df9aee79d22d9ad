import Foundation

/// One row of a result. Valid only inside the decoding closure that receives it.
///
///     let name: String = try row["name"]
///     let closedAt: Instant? = try row["closed_at"]
///     let id: CanteenID = try row["id"]           // any RawRepresentable with a String
///     let zones: [ZoneCode] = try row["zones"]
public struct Row {
    let result: QueryResult
    let index: Int32

    public subscript<T: PostgresDecodable>(_ column: String) -> T {
        get throws { try T.decode(try result.cell(index, column)) }
    }

    public subscript<T: RawRepresentable>(_ column: String) -> T where T.RawValue == String {
        get throws { try Self.value(try result.cell(index, column)) }
    }

    public subscript<T: RawRepresentable>(_ column: String) -> T? where T.RawValue == String {
        get throws {
            let cell = try result.cell(index, column)
            return cell.bytes == nil ? nil : try Self.value(cell)
        }
    }

    public subscript<T: RawRepresentable>(_ column: String) -> [T] where T.RawValue == String {
        get throws {
            let cell = try result.cell(index, column)
            return try [String].decode(cell).map { try Self.value($0, in: cell) }
        }
    }

    /// A `json` or `jsonb` column, keys in snake_case.
    public func json<T: Decodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        let text: String = try self[column]
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(text.utf8))
    }

    public func isNull(_ column: String) throws -> Bool {
        try result.cell(index, column).bytes == nil
    }

    private static func value<T: RawRepresentable>(_ cell: Cell) throws -> T where T.RawValue == String {
        try value(try String.decode(cell), in: cell)
    }

    private static func value<T: RawRepresentable>(_ text: String, in cell: Cell) throws -> T
    where T.RawValue == String {
        guard let value = T(rawValue: text) else {
            throw PostgresError(
                code: PostgresError.decoding, message: "column \(cell.column) holds no \(T.self)", column: cell.column)
        }
        return value
    }
}
