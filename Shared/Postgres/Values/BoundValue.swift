import Foundation

/// A value on its way to the server: its type (0 = the server decides) and its wire form.
public struct BoundValue: Sendable {
    enum Form: Sendable {
        case null
        /// Text format.
        case text(String)
        /// Binary format, 8 bytes big-endian; numbers and times without an allocation.
        case integer(Int64)
        /// Binary format.
        case bytes([UInt8])
        /// Could not be encoded: the statement fails with this message.
        case invalid(String)
    }

    let type: UInt32
    let form: Form

    init(type: UInt32, _ form: Form) {
        self.type = type
        self.form = form
    }

    static func json(_ value: some Encodable) -> BoundValue {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            // `jsonb` in binary: one version byte, then the text.
            return BoundValue(type: WireType.jsonb, .bytes([1] + (try encoder.encode(value))))
        } catch {
            return BoundValue(type: WireType.jsonb, .invalid("not encodable as JSON: \(error)"))
        }
    }
}

/// Type numbers of `pg_type`, fixed by PostgreSQL.
enum WireType {
    static let inferred: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let boolArray: UInt32 = 1000
    static let byteaArray: UInt32 = 1001
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
    static let float8Array: UInt32 = 1022
    static let date: UInt32 = 1082
    static let timestamp: UInt32 = 1114
    static let dateArray: UInt32 = 1182
    static let timestamptz: UInt32 = 1184
    static let timestamptzArray: UInt32 = 1185
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802

    /// PostgreSQL counts times from 2000-01-01: 10,957 days after 1970-01-01.
    static let epochDays = 10_957
    static let epochMicroseconds: Int64 = 10_957 * 86_400_000_000
}
