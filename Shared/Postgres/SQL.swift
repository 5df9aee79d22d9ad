import Foundation

/// A statement with bound values. Values interpolated into the literal are bound as `$1, $2 …`, never pasted:
///
///     let sql: SQL = "SELECT name FROM canteen WHERE id = \(id) AND diners > \(100)"
///
/// `\(identifier: "name")` quotes an identifier, `\(fragment)` inserts another `SQL`, `\(json: value)` binds JSON.
/// Integers are bound as `int8`, times as `timestamptz`, days as `date`; strings take the type the statement gives them.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// Text between the bound values: always one more than `values`.
    private(set) var parts: [String]
    private(set) var values: [BoundValue]

    public static let empty: SQL = ""

    public init(stringLiteral text: String) {
        parts = [text]
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// SQL text from a trusted source, pasted as it is. (`SQL("… \(x)")` is a literal like any other and binds `x`.)
    public init(trusted text: String) {
        self.init(stringLiteral: text)
    }

    public var isEmpty: Bool { values.isEmpty && parts.allSatisfy(\.isEmpty) }

    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum += right
        return sum
    }

    public static func += (left: inout SQL, right: SQL) {
        left.parts[left.parts.count - 1] += right.parts[0]
        left.parts += right.parts.dropFirst()
        left.values += right.values
    }

    mutating func append(_ text: String) {
        parts[parts.count - 1] += text
    }

    mutating func append(_ value: BoundValue) {
        values.append(value)
        parts.append("")
    }

    /// The statement as the server gets it.
    public var text: String {
        guard parts.count > 1 else { return parts[0] }
        var text = parts[0]
        for index in 1..<parts.count {
            text += "$"
            text += String(index)
            text += parts[index]
        }
        return text
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var sql: SQL = ""

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            sql.append(literal)
        }

        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.append(value.postgresValue)
        }

        /// Of its own, because the compiler warns of an optional that only fits a generic parameter.
        public mutating func appendInterpolation<T: PostgresEncodable>(_ value: T?) {
            sql.append(value.postgresValue)
        }

        /// Ids and enums.
        public mutating func appendInterpolation<T: RawRepresentable>(_ value: T) where T.RawValue == String {
            sql.append(value.rawValue.postgresValue)
        }

        public mutating func appendInterpolation<T: RawRepresentable>(_ value: T?) where T.RawValue == String {
            sql.append((value?.rawValue).postgresValue)
        }

        public mutating func appendInterpolation<T: RawRepresentable>(_ values: [T]) where T.RawValue == String {
            sql.append(values.map(\.rawValue).postgresValue)
        }

        public mutating func appendInterpolation<T: RawRepresentable>(_ values: [T?]) where T.RawValue == String {
            sql.append(values.map { $0?.rawValue }.postgresValue)
        }

        public mutating func appendInterpolation(_ fragment: SQL) {
            sql += fragment
        }

        /// A quoted table, column or schema name.
        public mutating func appendInterpolation(identifier: String) {
            sql.append(SQL.quoted(identifier))
        }

        /// Bound as `jsonb`, keys in snake_case and sorted. A value that cannot be encoded is reported by the statement.
        public mutating func appendInterpolation(json value: some Encodable) {
            sql.append(BoundValue.json(value))
        }
    }

    static func quoted(_ identifier: String) -> String {
        "\"" + identifier.replacing("\"", with: "\"\"") + "\""
    }
}

extension Array where Element == SQL {
    public func joined(separator: SQL) -> SQL {
        guard var sum = first else { return .empty }
        for element in dropFirst() {
            sum += separator
            sum += element
        }
        return sum
    }
}
