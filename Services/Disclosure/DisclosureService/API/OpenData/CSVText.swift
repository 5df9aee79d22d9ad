/// CSV (RFC 4180) that a spreadsheet opens without running anything: a cell that begins like a formula gets an
/// apostrophe before it. UTF-8 with a byte order mark, which spreadsheets need for Chinese.
enum CSVText {
    static func table(_ header: [String], _ rows: [[String]]) -> [UInt8] {
        let lines = ([header] + rows).map { $0.map(cell).joined(separator: ",") }
        return [0xef, 0xbb, 0xbf] + Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    static func cell(_ text: String) -> String {
        let safe = startsLikeFormula(text) ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    private static func startsLikeFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"].contains(first)
    }
}
