import Calendar

/// Turns what somebody typed into checked content, or names every fault. Pure.
struct ContentCheck: Sendable {
    let definition: CategoryDefinition
    /// True for text with an identity or telephone number.
    let isPersonal: @Sendable (String) -> Bool
    /// 张三丰 → 张*.
    let mask: @Sendable (String) -> String

    struct Checked: Sendable {
        var content = ItemContent()
        /// Full names by field.
        var persons: [String: String] = [:]
        var faults: [ContentFault] = []
    }

    /// `known`: digests of files that exist. Empty texts count as absent.
    func check(_ input: [String: FieldInput], knownFiles: Set<String>) -> Checked {
        var checked = Checked()
        let names = definition.fields.map(\.name)
        for name in input.keys.sorted() where !names.contains(name) {
            checked.faults.append(
                ContentFault(
                    name, "unknown_field", "没有这个字段。", "There is no such field.", allowed: names.joined(separator: ", "))
            )
        }
        for field in definition.fields {
            guard let value = input[field.name], !value.isEmpty else {
                if field.isRequired { checked.faults.append(Self.missing(field.name)) }
                continue
            }
            read(field, value, knownFiles, &checked)
        }
        return checked
    }

    static func missing(_ field: String) -> ContentFault {
        ContentFault(field, "missing", "此项必填。", "This field is required.")
    }

    private func read(
        _ field: FieldDefinition, _ input: FieldInput, _ knownFiles: Set<String>, _ checked: inout Checked
    ) {
        func fail(_ code: String, _ zh: String, _ en: String) {
            checked.faults.append(ContentFault(field.name, code, zh, en, allowed: field.allowed))
        }
        if case .files(let maximum) = field.kind {
            let files = input.list
            guard files.count <= maximum else { return fail("too_many_files", "文件太多。", "Too many files.") }
            guard files.allSatisfy(knownFiles.contains) else {
                return fail("unknown_file", "文件不存在，请先上传。", "There is no such file. Send it first.")
            }
            checked.content.values[field.name] = .files(files)
            return
        }
        guard let text = input.single else { return fail("wrong_value", "此项的值不正确。", "This value is not accepted.") }
        switch field.kind {
        case .text(let maximum):
            guard text.count <= maximum else {
                return fail("too_long", "最多 \(maximum) 个字。", "At most \(maximum) characters.")
            }
            guard !isPersonal(text) else {
                return fail(
                    "personal_data", "请勿填写身份证号码或手机号码。", "Please leave out identity card and mobile phone numbers.")
            }
        case .person:
            // 三 and 五 are numbers to Unicode, and names: only digits are refused.
            guard text.count <= 20, !text.unicodeScalars.contains(where: { $0.properties.numericType == .decimal })
            else {
                return fail("not_a_name", "请填写姓名。", "Please give a name.")
            }
            checked.persons[field.name] = text
            checked.content.values[field.name] = .text(mask(text))
            return
        case .date:
            guard let day = LocalDate(iso: text), (2000...2100).contains(day.year) else {
                return fail("not_a_date", "请填写日期，例如 2026-11-23。", "Please give a date such as 2026-11-23.")
            }
        case .month:
            guard let day = LocalDate(iso: text + "-01"), (2000...2100).contains(day.year) else {
                return fail("not_a_month", "请填写月份，例如 2026-11。", "Please give a month such as 2026-11.")
            }
        case .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                return fail("not_in_range", "数值超出范围。", "The number is out of range.")
            }
            checked.content.values[field.name] = .integer(number)
            return
        case .decimal:
            guard Self.isDecimal(text) else { return fail("not_a_number", "请填写数字。", "Please give a number.") }
        case .choice(let choices):
            guard choices.contains(where: { $0.code == text }) else {
                return fail("not_allowed", "请从选项中选择。", "Please choose one of the options.")
            }
        case .files:
            return
        }
        checked.content.values[field.name] = .text(text)
    }

    private static func isDecimal(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...9).contains(parts[0].count) else { return false }
        if parts.count == 2, !(1...4).contains(parts[1].count) { return false }
        return parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}

/// A field as it arrives: from a form, a CSV line or JSON.
enum FieldInput: Hashable, Sendable {
    case text(String)
    case list([String])

    var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .list(let list): list.isEmpty
        }
    }

    var single: String? {
        switch self {
        case .text(let text): text
        case .list(let list): list.count == 1 ? list[0] : nil
        }
    }

    var list: [String] {
        switch self {
        case .text(let text): text.split(separator: ",").map { String($0) }
        case .list(let list): list
        }
    }
}

extension FieldInput: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = .text(try container.decode(String.self))
        } catch DecodingError.typeMismatch {
            do {
                self = .text(String(try container.decode(Int.self)))
            } catch DecodingError.typeMismatch {
                self = .list(try container.decode([String].self))
            }
        }
    }
}
