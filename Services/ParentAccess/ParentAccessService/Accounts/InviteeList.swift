import ServiceKit

/// A list of representatives to invite, as a CSV file: a header line `label,mobile_number`, one person a line, UTF-8.
enum InviteeList {
    static let most = 1000
    static let largestFile = 256 * 1024

    /// Reads all of it or tells every faulty line; nobody is invited by half a list.
    static func read(_ bytes: [UInt8], field: String) throws -> [Invitee] {
        guard bytes.count <= largestFile, let text = String(validating: bytes, as: UTF8.self), WellFormed.isText(text)
        else {
            throw Problem.invalid(
                field, code: "csv_unreadable", zh: "请上传 UTF-8 编码的 CSV 文件，不超过 256 KB。",
                en: "Please send a CSV file in UTF-8 of at most 256 KB.", allowed: "UTF-8, ≤ \(largestFile) bytes")
        }
        let bare = text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text
        let lines = bare.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let header = lines.first.map({ cells($0) }), header.first == "label" || header.first == "称呼" else {
            throw Problem.invalid(
                field, code: "csv_header", zh: "第一行应为 label,mobile_number（或 称呼,手机号码）。",
                en: "The first line must be label,mobile_number.", allowed: "label,mobile_number")
        }
        var invitees: [Invitee] = []
        var faults: [FieldFault] = []
        for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            do {
                let cells = cells(line)
                invitees.append(
                    Invitee(
                        label: try PersonFields.label(cells.first ?? ""),
                        mobileNumber: try PersonFields.mobileNumber(cells.count > 1 ? cells[1] : nil)))
            } catch let problem as Problem {
                let number = index + 1
                faults.append(
                    FieldFault(
                        field: field, code: problem.code,
                        detail: LocalizedText(
                            zh: "第 \(number) 行：\(problem.detail.zh)", en: "Line \(number): \(problem.detail.en)"),
                        allowed: problem.allowed))
            }
        }
        try checkRepetitions(invitees, field: field)
        guard faults.isEmpty else { throw Problem(faults: faults) }
        guard !invitees.isEmpty, invitees.count <= most else {
            throw Problem.invalid(
                field, code: "csv_count", zh: "名单应有 1 到 \(most) 人。", en: "The list must have 1 to \(most) people.",
                allowed: "1…\(most)")
        }
        return invitees
    }

    /// One number twice in a list is a slip, not two children.
    static func checkRepetitions(_ invitees: [Invitee], field: String) throws {
        var seen: Set<String> = []
        for number in invitees.compactMap(\.mobileNumber) where !seen.insert(number).inserted {
            throw Problem.invalid(
                field, code: "number_repeated", zh: "名单中有重复的手机号码（尾号 \(number.suffix(4))）。",
                en: "A number appears twice in the list (ending in \(number.suffix(4))).")
        }
    }

    /// Cells of one line; quotes as in RFC 4180, without line breaks inside them.
    private static func cells(_ line: some StringProtocol) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var previousWasQuote = false
        for character in line {
            if character == "\"" {
                if isQuoted, previousWasQuote { cell.append("\"") }
                previousWasQuote = isQuoted && !previousWasQuote
                if !isQuoted { isQuoted = true }
                continue
            }
            if previousWasQuote {
                isQuoted = false
                previousWasQuote = false
            }
            if !isQuoted, character == "," || character == "，" || character == ";" {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        cells.append(cell)
        return cells.map { $0.trimmingPrefix(while: \.isWhitespace).description }.map { cell in
            var cell = cell
            while cell.last?.isWhitespace == true { cell.removeLast() }
            return cell
        }
    }
}
