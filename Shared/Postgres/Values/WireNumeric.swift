/// `numeric` in binary: counts and base-10,000 digits. Only read, for sums.
enum WireNumeric {
    static func text(_ cell: Cell) throws -> String {
        guard let bytes = cell.bytes, bytes.count >= 8 else { throw cell.mismatch("numeric") }
        func short(_ index: Int) -> Int {
            Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)))
        }
        let digitCount = short(0)
        let weight = short(1)
        let sign = short(2)
        let scale = short(3)
        guard bytes.count == 8 + 2 * digitCount, sign == 0 || sign == 0x4000 else {
            throw cell.mismatch("finite numeric")
        }
        func digit(_ position: Int) -> Int {
            let index = weight - position
            return index >= 0 && index < digitCount ? short(4 + index) : 0
        }
        var text = ""
        if weight >= 0 {
            text = String(digit(weight))
            for position in stride(from: weight - 1, through: 0, by: -1) { text += padded(digit(position)) }
        } else {
            text = "0"
        }
        if scale > 0 {
            var fraction = ""
            var position = -1
            while fraction.count < scale {
                fraction += padded(digit(position))
                position -= 1
            }
            text += "." + fraction.prefix(scale)
        }
        return sign == 0 ? text : "-" + text
    }

    private static func padded(_ digit: Int) -> String {
        let text = String(digit)
        return String(repeating: "0", count: 4 - text.count) + text
    }
}
