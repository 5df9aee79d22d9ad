/// Reads JSON of a known shape from bytes, without building values for what nobody asks for. Strict about the grammar
/// that it passes over; depth is bounded, so that nesting cannot exhaust the stack.
struct ByteCursor {
    struct Malformed: Error {}

    private static let maximumDepth = 16

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return index == bytes.count
        }
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0a, 0x0d, 0x09: index += 1
            default: return
            }
        }
    }

    /// True and past it when the next character is this one.
    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard take(byte) else { throw Malformed() }
    }

    /// Calls `field` at the value of each member; `field` must read exactly that value.
    mutating func object(
        _ field: (UnsafeBufferPointer<UInt8>.SubSequence, inout ByteCursor) throws -> Void
    ) throws {
        try expect(0x7b)
        if take(0x7d) { return }
        repeat {
            let name = try string()
            try expect(0x3a)
            try field(name, &self)
        } while take(0x2c)
        try expect(0x7d)
    }

    mutating func array(_ element: (inout ByteCursor) throws -> Void) throws {
        try expect(0x5b)
        if take(0x5d) { return }
        repeat { try element(&self) } while take(0x2c)
        try expect(0x5d)
    }

    /// The characters between the quotes as they stand: a string with escapes equals none of those that we look for.
    mutating func string() throws(Malformed) -> UnsafeBufferPointer<UInt8>.SubSequence {
        try expect(0x22)
        let begin = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                return bytes[begin..<(index - 1)]
            }
            guard byte >= 0x20 else { throw Malformed() }
            index += byte == 0x5c ? 2 : 1
        }
        throw Malformed()
    }

    /// A whole number.
    mutating func integer() throws(Malformed) -> Int64 {
        let isNegative = take(0x2d)
        var value: Int64 = 0
        var digits = 0
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
            digits += 1
            guard digits <= 18 else { throw Malformed() }
            value = value * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        guard digits > 0 else { throw Malformed() }
        if index < bytes.count, [0x2e, 0x65, 0x45].contains(bytes[index]) { throw Malformed() }
        return isNegative ? -value : value
    }

    mutating func skipValue(depth: Int = 0) throws {
        guard depth < Self.maximumDepth else { throw Malformed() }
        skipSpace()
        guard index < bytes.count else { throw Malformed() }
        switch bytes[index] {
        case 0x7b: try object { _, cursor in try cursor.skipValue(depth: depth + 1) }
        case 0x5b: try array { cursor in try cursor.skipValue(depth: depth + 1) }
        case 0x22: _ = try string()
        default: try skipWord()
        }
    }

    /// A number, true, false or null.
    private mutating func skipWord() throws(Malformed) {
        let begin = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x2c, 0x5d, 0x7d, 0x20, 0x0a, 0x0d, 0x09:
                guard index > begin else { throw Malformed() }
                return
            case 0x2b, 0x2d, 0x2e, 0x30...0x39, 0x41...0x5a, 0x61...0x7a: index += 1
            default: throw Malformed()
            }
        }
        guard index > begin else { throw Malformed() }
    }
}
