/// `application/x-www-form-urlencoded` (WHATWG URL standard §5): pairs in order.
enum URLEncodedPairs {
    /// More pairs than any form of ours has.
    private static let maximumPairs = 1000

    /// 400 for invalid UTF-8, control characters or too many pairs.
    static func parse(_ bytes: [UInt8]) throws -> [(name: String, value: String)] {
        let parts = bytes.split(separator: 0x26)
        guard parts.count <= maximumPairs else { throw malformed }
        return try parts.map { part in
            let equals = part.firstIndex(of: 0x3d) ?? part.endIndex
            let value = equals == part.endIndex ? [] : part[part.index(after: equals)...]
            return (try text(part[..<equals]), try text(value))
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == 0x25, index + 2 < bytes.endIndex, let high = hex(bytes[index + 1]),
                let low = hex(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(byte == 0x2b ? 0x20 : byte)
                index += 1
            }
        }
        return try checked(decoded)
    }

    /// The bytes as text, or 400.
    static func checked(_ bytes: some Sequence<UInt8>) throws -> String {
        guard let text = String(validating: Array(bytes), as: UTF8.self), WellFormed.isText(text) else {
            throw malformed
        }
        return text
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    static let malformed = Problem(
        .badRequest, code: "malformed_form",
        detail: LocalizedText(zh: "提交的内容格式不正确。", en: "The submitted form is malformed."))
}
