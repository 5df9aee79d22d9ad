import Calendar

/// Dates as spreadsheets export them: `2021-06-01`, `2021/06/01`, and the unpadded `2021/6/1`.
public enum ClerkDate {
    public static let allowed = "YYYY-MM-DD 或 YYYY/MM/DD，且日期真实存在"
    /// The notice's world has no earlier licence; a date before this is a typing error such as `0206-09-14`.
    static let earliestYear = 1990

    public static func parse(_ text: String, column: String) throws(ValueFault) -> LocalDate {
        let separator: Character = text.contains("/") ? "/" : "-"
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4,
            parts[1...].allSatisfy({ separator == "/" ? (1...2).contains($0.utf8.count) : $0.utf8.count == 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year >= earliestYear,
            let date = LocalDate(year: year, month: month, day: day)
        else { throw ValueFault(.dateFormat, column: column, value: text, allowed: allowed + serialHint(text)) }
        return date
    }

    /// A day that a spreadsheet wrote as its running number is told as such, and not taken: two counts are in use.
    private static func serialHint(_ text: String) -> String {
        guard text.utf8.count == 5, let number = Int(text), number > spreadsheetEpoch else { return "" }
        let day = LocalDate(daysSinceEpoch: number - spreadsheetEpoch)
        return "；\(text) 像是表格软件的日期序号（\(day.iso)），请把该列设为“文本”或“日期”后重新导出"
    }

    /// 1970-01-01 as a running number of the usual count, in which 1 is 1900-01-01.
    private static let spreadsheetEpoch = 25_569
}
