/// What no cell of any file may contain.
enum CellRule {
    /// Without ASCII and ideographic white space around it.
    static func trimmed(_ text: Substring) -> String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == " " || scalar == "\t" || scalar == "\u{3000}" || scalar == "\u{a0}" || scalar == "\u{feff}"
        }
        var scalars = text.unicodeScalars
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Formulas (a spreadsheet would run them when the list is exported again), numbers that a spreadsheet has rounded,
    /// and control characters.
    static func fault(_ text: String, column: String) -> ValueFault? {
        let bytes = text.utf8
        guard let first = bytes.first else { return nil }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            return ValueFault(.controlCharacter, column: column, value: text, allowed: "一行可见文字")
        }
        let formulaStarts: [UInt8] = [0x3d, 0x2b, 0x2d, 0x40]
        if formulaStarts.contains(first) {
            return ValueFault(.formulaCell, column: column, value: text, allowed: "值本身，不以 = + - @ 开头")
        }
        if (0x30...0x39).contains(first), bytes.contains(0x2b), bytes.contains(0x45) || bytes.contains(0x65),
            Double(text) != nil
        {
            return ValueFault(.scientificNotation, column: column, value: text, allowed: "完整编号；请把表格的列设为“文本”后重新导出")
        }
        return nil
    }
}
