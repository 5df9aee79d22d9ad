/// A refused line as reported: where it is, what is wrong, what is allowed.
public struct ImportFault: Codable, Hashable, Sendable {
    public let file: String
    /// Physical line in the file, the header being line 1; nil for a fault of the whole file.
    public let line: Int?
    public let column: String?
    public let value: String
    public let code: FaultCode
    /// What is wrong, in Chinese.
    public let message: String
    /// What is allowed instead, in Chinese.
    public let allowed: String

    /// Longest value repeated in a report, in characters.
    static let maximumValue = 120

    public init(file: String, line: Int?, column: String?, value: String, code: FaultCode, allowed: String) {
        self.file = file
        self.line = line
        self.column = column
        self.value = value.count > Self.maximumValue ? String(value.prefix(Self.maximumValue)) + "…" : value
        self.code = code
        message = code.chinese
        self.allowed = allowed
    }

    public init(file: String, line: Int, _ fault: ValueFault) {
        self.init(
            file: file, line: line, column: fault.column, value: fault.value, code: fault.code, allowed: fault.allowed)
    }

    /// `roster.csv 第 11 行「食品经营许可证编号」：…`
    public var chinese: String {
        var text = file
        if let line { text += " 第 \(line) 行" }
        if let column { text += "「\(column)」" }
        text += "：\(message)"
        if !value.isEmpty { text += "（填的是“\(value)”）" }
        if !allowed.isEmpty { text += "。应为：\(allowed)" }
        return text + " [\(code.rawValue)]"
    }
}
