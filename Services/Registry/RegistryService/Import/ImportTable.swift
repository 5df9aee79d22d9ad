import Foundation

/// A file as a sequence of validated or refused lines: encoding, header, cells, rules.
struct ImportTable<Line: ImportLine> {
    enum Outcome {
        case line(number: Int, Line)
        /// `cells` is empty where the line could not be taken apart.
        case refused([ImportFault], line: Int, cells: [Line.Column: String])
        case end
    }

    let file: String
    let encoding: TextEncoding
    private var reader: CSVReader
    private let decoder: RecordDecoder
    private let columns: [Line.Column]
    /// Opens the file, finds its encoding and matches its header.
    ///
    /// Throws `ImportFileFailure` with everything wrong with the file as a whole.
    init(path: String, progress: ImportProgress) throws {
        file = Self.displayName(path)
        let name = file
        func failure(_ code: FaultCode, value: String = "", allowed: String = "") -> ImportFileFailure {
            ImportFileFailure(faults: [
                ImportFault(file: name, line: nil, column: nil, value: value, code: code, allowed: allowed)
            ])
        }
        var source: ByteSource
        var first: [UInt8]
        do {
            source = try ByteSource(path: path)
            first = try source.next() ?? []
        } catch {
            throw failure(.fileUnreadable, value: path, allowed: "存在且可读的 CSV 文件")
        }
        progress.begin(size: source.size)
        // A spreadsheet's "Unicode text": said by its name, not as a file without a header.
        if first.starts(with: [0xff, 0xfe]) || first.starts(with: [0xfe, 0xff]) {
            throw failure(.encodingUnknown, value: "UTF-16", allowed: "GB18030 或 UTF-8（有无 BOM 均可）的 CSV")
        }
        let hasMark = first.starts(with: TextEncoding.mark)
        if hasMark { first.removeFirst(TextEncoding.mark.count) }
        var pending: [UInt8]? = first
        reader = CSVReader {
            if let piece = pending {
                pending = nil
                return piece.isEmpty ? try source.next() : piece
            }
            let piece = try source.next()
            progress.read(bytes: source.position)
            return piece
        }
        guard case .record(let header) = try reader.read() else {
            throw failure(.headerMissing, allowed: "第一行是列名：\(Self.required)")
        }
        let candidates: [TextEncoding] = hasMark ? [.utf8WithMark] : [.utf8, .gb18030]
        for encoding in candidates {
            guard let decoder = RecordDecoder(encoding), let text = decoder.decode(header.bytes) else { continue }
            let names = Self.split(text)
            guard hasMark || names.contains(where: { Line.Column(rawValue: $0) != nil }) else { continue }
            self.encoding = encoding
            self.decoder = decoder
            columns = try Self.match(names, file: file, line: header.line)
            return
        }
        throw failure(.encodingUnknown, allowed: "GB18030 或 UTF-8（有无 BOM 均可）的 CSV，第一行是列名：\(Self.required)")
    }

    mutating func next(_ rules: Line.Rules) throws -> Outcome {
        switch try reader.read() {
        case .end:
            return .end
        case .fault(let line, let code, let excerpt):
            let value = decoder.decode(excerpt) ?? String(decoding: excerpt.prefix { $0 < 0x80 }, as: UTF8.self)
            return .refused(
                [
                    ImportFault(
                        file: file, line: line, column: nil, value: value, code: code, allowed: Self.allowed(code))
                ], line: line, cells: [:])
        case .record(let record):
            return read(record, rules)
        }
    }

    /// How the file is called in reports: its name without folders, which say nothing to the reader of a report.
    static func displayName(_ path: String) -> String {
        path == "-" ? "-" : URL(fileURLWithPath: path).lastPathComponent
    }

    private func read(_ record: CSVReader.Record, _ rules: Line.Rules) -> Outcome {
        guard let text = decoder.decode(record.bytes) else {
            let prefix = String(decoding: record.bytes.prefix { $0 < 0x80 && $0 != CSVReader.separator }, as: UTF8.self)
            return .refused(
                [
                    ImportFault(
                        file: file, line: record.line, column: nil, value: prefix, code: .encodingBroken,
                        allowed: "整行都是 \(encoding.rawValue) 文字")
                ], line: record.line, cells: [:])
        }
        let values = Self.split(text)
        guard values.count == columns.count else {
            return .refused(
                [
                    ImportFault(
                        file: file, line: record.line, column: nil, value: "\(values.count) 列", code: .columnCount,
                        allowed: "\(columns.count) 列")
                ], line: record.line, cells: [:])
        }
        var cells: [Line.Column: String] = Dictionary(minimumCapacity: columns.count)
        var faults: [ValueFault] = []
        for (column, value) in zip(columns, values) {
            if let fault = CellRule.fault(value, column: column.rawValue) { faults.append(fault) }
            cells[column] = value
        }
        if faults.isEmpty {
            switch Line.read(cells, rules) {
            case .accepted(let line): return .line(number: record.line, line)
            case .refused(let found): faults = found
            }
        }
        return .refused(
            faults.map { ImportFault(file: file, line: record.line, $0) }, line: record.line, cells: cells)
    }

    private static var required: String {
        Line.Column.allCases.filter(\.isRequired).map(\.rawValue).joined(separator: "、")
    }

    private static func match(_ names: [String], file: String, line: Int) throws -> [Line.Column] {
        var faults: [ImportFault] = []
        var found: [Line.Column] = []
        func note(_ code: FaultCode, _ column: String, _ allowed: String) {
            faults.append(
                ImportFault(file: file, line: line, column: column, value: column, code: code, allowed: allowed))
        }
        let all = Line.Column.allCases.map(\.rawValue).joined(separator: "、")
        for name in names {
            guard let column = Line.Column(rawValue: name) else {
                note(.columnUnknown, name, all)
                continue
            }
            if found.contains(column) { note(.columnRepeated, name, "每列只出现一次") }
            found.append(column)
        }
        for column in Line.Column.allCases where column.isRequired && !found.contains(column) {
            note(.columnMissing, column.rawValue, all)
        }
        guard faults.isEmpty else { throw ImportFileFailure(faults: faults) }
        return found
    }

    private static func split(_ text: String) -> [String] {
        text.utf8.split(separator: CSVReader.separator, omittingEmptySubsequences: false).map {
            CellRule.trimmed(Substring($0))
        }
    }

    private static func allowed(_ code: FaultCode) -> String {
        switch code {
        case .quoteMalformed, .quoteOpen: "含逗号或引号的单元格整格加双引号，格内的双引号写两遍（RFC 4180）"
        case .lineTooLong: "每行不超过 1 MiB"
        case .controlCharacter: "可见文字"
        default: ""
        }
    }
}

/// The file as a whole cannot be imported.
struct ImportFileFailure: Error {
    let faults: [ImportFault]
}
