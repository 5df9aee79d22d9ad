/// RFC 4180, UTF-8 with a byte-order mark (spreadsheets take it for GB18030 otherwise), CR LF.
///
/// A cell that a spreadsheet would run as a formula gets an apostrophe before it. The register holds none, because every way
/// in refuses them; the guard is for what a later way in may forget.
struct CSVWriter {
    private(set) var bytes: [UInt8] = TextEncoding.mark

    mutating func write(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            write(cell)
        }
        bytes += [0x0d, 0x0a]
    }

    private mutating func write(_ cell: String) {
        let text = Self.isFormula(cell) ? "'" + cell : cell
        let needsQuotes = text.utf8.contains { $0 == 0x2c || $0 == 0x22 || $0 == 0x0a || $0 == 0x0d }
        guard needsQuotes else {
            bytes += Array(text.utf8)
            return
        }
        bytes.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    static func isFormula(_ cell: String) -> Bool {
        guard let first = cell.utf8.first else { return false }
        return [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d].contains(first)
    }
}
