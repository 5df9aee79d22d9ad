import Calendar

/// Reads the cells of one line by column and collects everything that is wrong with it, not only the first thing.
struct LineReader<Column: ImportColumn> {
    /// Longest name or other text, in characters.
    static var maximumText: Int { 100 }

    private let cells: [Column: String]
    private(set) var faults: [ValueFault] = []

    init(_ cells: [Column: String]) {
        self.cells = cells
    }

    /// The trimmed cell, nil when it is empty or the column is absent.
    func optional(_ column: Column) -> String? {
        guard let text = cells[column], !text.isEmpty else { return nil }
        return text
    }

    /// The cell; an empty one is a fault.
    mutating func required(_ column: Column) -> String? {
        guard let text = optional(column) else {
            note(ValueFault(.valueMissing, column: column.rawValue, value: "", allowed: "必须填写"))
            return nil
        }
        return text
    }

    /// A name of at most `maximumText` characters.
    mutating func name(_ column: Column) -> String? {
        guard let text = required(column) else { return nil }
        guard text.count <= Self.maximumText else {
            note(
                ValueFault(
                    .valueTooLong, column: column.rawValue, value: String(text.prefix(40)) + "…",
                    allowed: "不超过 \(Self.maximumText) 个字"))
            return nil
        }
        return text
    }

    /// An optional text of at most `maximumText` characters.
    mutating func text(_ column: Column) -> String? {
        optional(column) == nil ? nil : name(column)
    }

    /// An optional free text, which may not carry a mobile or identity number: it goes where personal data may not.
    mutating func freeText(_ column: Column) -> String? {
        guard let text = text(column) else { return nil }
        guard !PersonalNumber.occurs(in: text) else {
            note(
                ValueFault(
                    .personalData, column: column.rawValue, value: "", allowed: "不写手机号、身份证号等个人信息"))
            return nil
        }
        return text
    }

    /// A required day, and an optional last day that does not lie before it.
    mutating func span(from: Column, to: Column) -> (from: LocalDate, to: LocalDate?)? {
        let first = value(from, ClerkDate.parse)
        let last = optionalValue(to, ClerkDate.parse)
        guard let first else { return nil }
        if let last, last < first {
            note(ValueFault(.dateOrder, column: to.rawValue, value: last.iso, allowed: "不早于 \(first.iso)"))
            return nil
        }
        return (first, last)
    }

    /// A required cell through a validator.
    mutating func value<T>(_ column: Column, _ read: (String, String) throws(ValueFault) -> T) -> T? {
        guard let text = required(column) else { return nil }
        return check(text, column, read)
    }

    /// An optional cell through a validator.
    mutating func optionalValue<T>(_ column: Column, _ read: (String, String) throws(ValueFault) -> T) -> T? {
        guard let text = optional(column) else { return nil }
        return check(text, column, read)
    }

    mutating func yesOrNo(_ column: Column) -> Bool? {
        value(column) { text, name throws(ValueFault) in
            switch text {
            case "是": true
            case "否": false
            default: throw ValueFault(.yesOrNo, column: name, value: text, allowed: "是、否")
            }
        }
    }

    mutating func number(_ column: Column, in range: ClosedRange<Int>) -> Int? {
        value(column) { text, name throws(ValueFault) in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number)
            else {
                throw ValueFault(
                    .numberRange, column: name, value: text, allowed: "\(range.lowerBound)～\(range.upperBound) 的整数")
            }
            return number
        }
    }

    mutating func note(_ fault: ValueFault) { faults.append(fault) }

    private mutating func check<T>(
        _ text: String, _ column: Column, _ read: (String, String) throws(ValueFault) -> T
    ) -> T? {
        do {
            return try read(text, column.rawValue)
        } catch {
            note(error)
            return nil
        }
    }
}
