import Calendar

/// A Swift value that can be bound to a statement.
public protocol PostgresEncodable: Sendable {
    /// Type number for a NULL of this type.
    static var postgresType: UInt32 { get }
    var postgresValue: BoundValue { get }
}

/// A value that can be an element of an array.
public protocol PostgresArrayElement: Sendable {
    /// Type numbers of the array and of its elements.
    static var arrayType: UInt32 { get }
    static var elementType: UInt32 { get }
    /// Appends the element's binary form; false for NULL.
    func write(to bytes: inout [UInt8]) -> Bool
    static func read(_ element: Cell) throws -> Self

    static func arrayValue(_ elements: [Self]) -> BoundValue
    static func readArray(_ cell: Cell) throws -> [Self]
}

extension PostgresArrayElement {
    public static func arrayValue(_ elements: [Self]) -> BoundValue { WireArray.encode(elements) }
    public static func readArray(_ cell: Cell) throws -> [Self] { try WireArray.decode(cell) }
}

extension String: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.inferred }
    public var postgresValue: BoundValue { BoundValue(type: WireType.inferred, .text(self)) }
}

extension Int: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.int8 }
    public var postgresValue: BoundValue { BoundValue(type: WireType.int8, .integer(Int64(self))) }
}

extension Int64: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.int8 }
    public var postgresValue: BoundValue { BoundValue(type: WireType.int8, .integer(self)) }
}

extension Int32: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.int4 }
    public var postgresValue: BoundValue { BoundValue(type: WireType.int4, .bytes(bigEndianBytes)) }
}

extension Bool: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.bool }
    public var postgresValue: BoundValue { BoundValue(type: WireType.bool, .bytes([self ? 1 : 0])) }
}

extension Double: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.float8 }
    public var postgresValue: BoundValue {
        BoundValue(type: WireType.float8, .integer(Int64(bitPattern: bitPattern)))
    }
}

extension Instant: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.timestamptz }
    public var postgresValue: BoundValue { BoundValue(type: WireType.timestamptz, .integer(wireMicroseconds)) }
    var wireMicroseconds: Int64 { microseconds - WireType.epochMicroseconds }
}

extension LocalDate: PostgresEncodable {
    public static var postgresType: UInt32 { WireType.date }
    public var postgresValue: BoundValue { BoundValue(type: WireType.date, .bytes(wireDays.bigEndianBytes)) }
    var wireDays: Int32 { Int32(daysSinceEpoch - WireType.epochDays) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public static var postgresType: UInt32 { Wrapped.postgresType }
    public var postgresValue: BoundValue {
        switch self {
        case .some(let value): value.postgresValue
        case .none: BoundValue(type: Wrapped.postgresType, .null)
        }
    }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    public static var postgresType: UInt32 { Element.arrayType }
    public var postgresValue: BoundValue { Element.arrayValue(self) }
}

extension FixedWidthInteger {
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
