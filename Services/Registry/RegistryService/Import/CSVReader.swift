/// A strict RFC 4180 reader that knows the physical line of everything and goes on after a broken line.
///
/// SwiftCSV, the bought parser, reads whole files, has no line numbers and lets malformed quotes pass; hence this one.
/// It works on undecoded bytes: separators are ASCII, and in GB18030 as in UTF-8 no byte of a longer character is below 0x30.
struct CSVReader {
    /// Cells of one record, joined by `separator`, quotes removed, not yet decoded.
    struct Record {
        let line: Int
        let bytes: [UInt8]
    }

    enum Outcome {
        case record(Record)
        /// The line was skipped; `excerpt` is the beginning of it.
        case fault(line: Int, FaultCode, excerpt: [UInt8])
        case end
    }

    /// ASCII unit separator; refused as content.
    static let separator: UInt8 = 0x1f
    /// A line of the known files has under 2 KiB; this leaves room and bounds memory.
    static let maximumRecord = 1 << 20
    static let excerptLength = 60

    private enum Scan {
        case record([UInt8], next: Int, lines: Int)
        case blank(next: Int, lines: Int)
        case fault(FaultCode)
        case needsMore
    }

    private var next: () throws -> [UInt8]?
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var line = 1

    init(_ next: @escaping () throws -> [UInt8]?) {
        self.next = next
    }

    mutating func read() throws -> Outcome {
        while true {
            switch scan() {
            case .record(let bytes, let next, let lines):
                let record = Record(line: line, bytes: bytes)
                start = next
                line += lines
                return .record(record)
            case .blank(let next, let lines):
                start = next
                line += lines
            case .fault(let code):
                let fault = Outcome.fault(line: line, code, excerpt: excerpt())
                try skipLine()
                return fault
            case .needsMore:
                if isAtEnd { return .end }
                if buffer.count - start > Self.maximumRecord {
                    let fault = Outcome.fault(line: line, .lineTooLong, excerpt: excerpt())
                    try skipLine()
                    return fault
                }
                try fill()
            }
        }
    }

    private mutating func fill() throws {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        if let piece = try next() { buffer += piece } else { isAtEnd = true }
    }

    /// The beginning of the line, cut before a newline and not in the middle of what could be one character's bytes of ASCII.
    private func excerpt() -> [UInt8] {
        let end = min(buffer.count, start + Self.excerptLength)
        return Array(buffer[start..<end].prefix { $0 != 0x0a && $0 != 0x0d })
    }

    /// Goes to the physical line after the one that `start` is in, without keeping what it passes.
    private mutating func skipLine() throws {
        while true {
            if let end = buffer[start...].firstIndex(of: 0x0a) {
                start = end + 1
                line += 1
                return
            }
            if isAtEnd {
                start = buffer.count
                return
            }
            buffer.removeAll(keepingCapacity: true)
            start = 0
            try fill()
        }
    }

    /// One record from `start`, if the buffer holds all of it.
    private func scan() -> Scan {
        buffer.withUnsafeBufferPointer { bytes in
            var index = start
            let end = bytes.count
            if index >= end { return .needsMore }
            var output: [UInt8] = []
            output.reserveCapacity(256)
            var lines = 0
            var isEmpty = true
            while true {
                // At the start of a cell.
                if index < end, bytes[index] == 0x22 {
                    isEmpty = false
                    index += 1
                    quoted: while true {
                        if index >= end {
                            return isAtEnd || index - start > Self.maximumRecord ? .fault(.quoteOpen) : .needsMore
                        }
                        let byte = bytes[index]
                        index += 1
                        switch byte {
                        case 0x22:
                            if index >= end, !isAtEnd { return .needsMore }
                            guard index < end, bytes[index] == 0x22 else { break quoted }
                            output.append(0x22)
                            index += 1
                        case Self.separator, 0:
                            return .fault(.controlCharacter)
                        case 0x0a:
                            lines += 1
                            output.append(byte)
                        default:
                            output.append(byte)
                        }
                    }
                    if index < end, ![0x2c, 0x0a, 0x0d].contains(bytes[index]) { return .fault(.quoteMalformed) }
                } else {
                    while index < end, bytes[index] != 0x2c, bytes[index] != 0x0a, bytes[index] != 0x0d {
                        let byte = bytes[index]
                        if byte == 0x22 { return .fault(.quoteMalformed) }
                        if byte == Self.separator || byte == 0 { return .fault(.controlCharacter) }
                        isEmpty = false
                        output.append(byte)
                        index += 1
                    }
                }
                // At the end of a cell.
                if index >= end {
                    guard isAtEnd else { return .needsMore }
                    return finish(output, isEmpty, index, lines)
                }
                switch bytes[index] {
                case 0x2c:
                    output.append(Self.separator)
                    index += 1
                    if index >= end, !isAtEnd { return .needsMore }
                case 0x0d:
                    if index + 1 >= end, !isAtEnd { return .needsMore }
                    guard index + 1 < end, bytes[index + 1] == 0x0a else {
                        if index + 1 >= end { return finish(output, isEmpty, index + 1, lines) }
                        return .fault(.controlCharacter)
                    }
                    return finish(output, isEmpty, index + 2, lines + 1)
                default:
                    return finish(output, isEmpty, index + 1, lines + 1)
                }
            }
        }
    }

    /// A line without a single character of content (also one of nothing but commas) is blank: spreadsheets leave them.
    private func finish(_ output: [UInt8], _ isEmpty: Bool, _ next: Int, _ lines: Int) -> Scan {
        isEmpty ? .blank(next: next, lines: lines) : .record(output, next: next, lines: lines)
    }
}
