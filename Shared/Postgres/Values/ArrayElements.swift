import Calendar

/// Binary arrays: dimension count, has-nulls flag, element type, then per dimension its length and lower bound, then
/// length and bytes of each element (−1 = NULL).
enum WireArray {
    static func encode<T: PostgresArrayElement>(_ elements: [T]) -> BoundValue {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + elements.count * 20)
        bytes.appendBigEndian(Int32(elements.isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(1))
        bytes.appendBigEndian(Int32(bitPattern: T.elementType))
        if !elements.isEmpty {
            bytes.appendBigEndian(Int32(elements.count))
            bytes.appendBigEndian(Int32(1))
        }
        for element in elements {
            let start = bytes.count
            bytes.appendBigEndian(Int32(-1))
            guard element.write(to: &bytes) else { continue }
            let length = UInt32(bytes.count - start - 4)
            for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
        }
        return BoundValue(type: T.arrayType, .bytes(bytes))
    }

    /// The elements of a one-dimensional array.
    static func decode<T: PostgresArrayElement>(_ cell: Cell) throws -> [T] {
        guard let bytes = cell.bytes else { throw cell.mismatch("array") }
        var position = 0
        func next() throws -> Int {
            guard position + 4 <= bytes.count else { throw cell.mismatch("array") }
            defer { position += 4 }
            return Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
        }
        let dimensions = try next()
        _ = try next()
        let type = UInt32(truncatingIfNeeded: try next())
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw cell.mismatch("array of one dimension") }
        let count = try next()
        _ = try next()
        var elements: [T] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            let length = try next()
            guard position + max(0, length) <= bytes.count else { throw cell.mismatch("array") }
            let part = length < 0 ? nil : UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
            elements.append(try T.read(Cell(column: cell.column, type: type, bytes: part)))
            position += max(0, length)
        }
        return elements
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: Int32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func appendBigEndian(_ value: Int64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension PostgresArrayElement where Self: PostgresDecodable {
    public static func read(_ element: Cell) throws -> Self { try Self.decode(element) }
}

extension String: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.textArray }
    public static var elementType: UInt32 { WireType.text }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(contentsOf: utf8)
        return true
    }
}

extension Int: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.int8Array }
    public static var elementType: UInt32 { WireType.int8 }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(Int64(self))
        return true
    }
}

extension Int64: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.int8Array }
    public static var elementType: UInt32 { WireType.int8 }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(self)
        return true
    }
}

extension Bool: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.boolArray }
    public static var elementType: UInt32 { WireType.bool }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(self ? UInt8(1) : UInt8(0))
        return true
    }
}

extension Double: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.float8Array }
    public static var elementType: UInt32 { WireType.float8 }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(Int64(bitPattern: bitPattern))
        return true
    }
}

extension Instant: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.timestamptzArray }
    public static var elementType: UInt32 { WireType.timestamptz }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(wireMicroseconds)
        return true
    }
}

extension LocalDate: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.dateArray }
    public static var elementType: UInt32 { WireType.date }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(wireDays)
        return true
    }
}

/// `[UInt8]` is `bytea`, not an array.
extension UInt8: PostgresArrayElement {
    public static var arrayType: UInt32 { WireType.bytea }
    public static var elementType: UInt32 { WireType.bytea }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(self)
        return true
    }

    public static func read(_ element: Cell) throws -> UInt8 { throw element.mismatch("UInt8") }

    public static func arrayValue(_ elements: [UInt8]) -> BoundValue {
        BoundValue(type: WireType.bytea, .bytes(elements))
    }

    public static func readArray(_ cell: Cell) throws -> [UInt8] {
        guard let bytes = cell.bytes, cell.type == WireType.bytea else { throw cell.mismatch("[UInt8]") }
        return Array(bytes)
    }
}

/// `[[UInt8]]` is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {
    public static var arrayType: UInt32 { WireType.byteaArray }
    public static var elementType: UInt32 { WireType.bytea }
    public func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(contentsOf: self)
        return true
    }

    public static func read(_ element: Cell) throws -> [UInt8] { try UInt8.readArray(element) }
}

/// Arrays with NULL elements, for `unnest` of several columns at once.
extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement {
    public static var arrayType: UInt32 { Wrapped.arrayType }
    public static var elementType: UInt32 { Wrapped.elementType }
    public func write(to bytes: inout [UInt8]) -> Bool {
        switch self {
        case .some(let value): value.write(to: &bytes)
        case .none: false
        }
    }

    public static func read(_ element: Cell) throws -> Wrapped? {
        element.bytes == nil ? nil : try Wrapped.read(element)
    }
}
