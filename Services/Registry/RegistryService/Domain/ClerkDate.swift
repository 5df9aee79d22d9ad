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
        else { throw ValueFault(.dateFormat, column: column, value: text, allowed: allowed) }
        return date
    }
}
