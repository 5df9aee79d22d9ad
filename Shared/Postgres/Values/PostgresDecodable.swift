import Calendar
import Foundation

/// A Swift type that can be read from a column.
public protocol PostgresDecodable {
    static func decode(_ cell: Cell) throws -> Self
}

extension String: PostgresDecodable {
    /// Any type whose binary form is its text, and `uuid`, `jsonb`, `numeric`.
    public static func decode(_ cell: Cell) throws -> String {
        guard let bytes = cell.bytes else { throw cell.mismatch("String") }
        switch cell.type {
        case WireType.jsonb: return String(decoding: bytes.dropFirst(), as: UTF8.self)
        case WireType.uuid: return uuidText(bytes)
        case WireType.numeric: return try WireNumeric.text(cell)
        case WireType.int2, WireType.int4, WireType.int8, WireType.float4, WireType.float8, WireType.bool,
            WireType.bytea, WireType.date, WireType.timestamp, WireType.timestamptz, WireType.oid:
            throw cell.mismatch("String")
        default: return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func uuidText(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(0x2d) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Int64: PostgresDecodable {
    /// `int2`, `int4`, `int8`, `oid`, and `numeric` without a fraction (`sum` of integers).
    public static func decode(_ cell: Cell) throws -> Int64 {
        guard let bytes = cell.bytes else { throw cell.mismatch("integer") }
        switch (cell.type, bytes.count) {
        case (WireType.int8, 8): return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case (WireType.int4, 4): return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case (WireType.int2, 2): return Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case (WireType.oid, 4): return Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        case (WireType.numeric, _):
            guard let value = Int64(try WireNumeric.text(cell)) else { throw cell.mismatch("integer") }
            return value
        default: throw cell.mismatch("integer")
        }
    }
}

extension Int: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Int { Int(try Int64.decode(cell)) }
}

extension Int32: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Int32 {
        guard let value = Int32(exactly: try Int64.decode(cell)) else { throw cell.mismatch("Int32") }
        return value
    }
}

extension Bool: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Bool {
        guard cell.type == WireType.bool, let byte = cell.bytes?.first else { throw cell.mismatch("Bool") }
        return byte != 0
    }
}

extension Double: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Double {
        guard let bytes = cell.bytes else { throw cell.mismatch("Double") }
        switch (cell.type, bytes.count) {
        case (WireType.float8, 8): return Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
        case (WireType.float4, 4):
            return Double(Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        case (WireType.numeric, _):
            guard let value = Double(try WireNumeric.text(cell)) else { throw cell.mismatch("Double") }
            return value
        default: return Double(try Int64.decode(cell))
        }
    }
}

extension Instant: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Instant {
        guard let bytes = cell.bytes, cell.type == WireType.timestamptz, bytes.count == 8 else {
            throw cell.mismatch("Instant")
        }
        let value = Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        // ±infinity are the extreme values and have no instant.
        guard value != .max, value != .min else { throw cell.mismatch("finite Instant") }
        return Instant(microseconds: value + WireType.epochMicroseconds)
    }
}

extension LocalDate: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> LocalDate {
        guard let bytes = cell.bytes, cell.type == WireType.date, bytes.count == 4 else {
            throw cell.mismatch("LocalDate")
        }
        let value = Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))
        guard value != .max, value != .min else { throw cell.mismatch("finite LocalDate") }
        return LocalDate(daysSinceEpoch: Int(value) + WireType.epochDays)
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public static func decode(_ cell: Cell) throws -> Wrapped? {
        cell.bytes == nil ? nil : try Wrapped.decode(cell)
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    public static func decode(_ cell: Cell) throws -> [Element] { try Element.readArray(cell) }
}
