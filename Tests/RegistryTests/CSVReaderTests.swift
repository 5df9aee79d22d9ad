import Testing

@testable import RegistryService

struct CSVReaderTests {
    /// Outcomes as text, `3|a,b` for a record and `3!code` for a fault; the input comes in pieces of `size` bytes.
    private func read(_ text: String, pieces size: Int = 7) throws -> [String] {
        try read(Array(text.utf8), pieces: size)
    }

    private func read(_ bytes: [UInt8], pieces size: Int) throws -> [String] {
        var rest = bytes[...]
        var reader = CSVReader {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
        var found: [String] = []
        while true {
            switch try reader.read() {
            case .end: return found
            case .fault(let line, let code, _): found.append("\(line)!\(code.rawValue)")
            case .record(let record):
                let cells = record.bytes.split(separator: CSVReader.separator, omittingEmptySubsequences: false)
                found.append(
                    "\(record.line)|" + cells.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ","))
            }
        }
    }

    @Test(arguments: [1, 2, 3, 1000])
    func plainLinesWithEitherEnding(_ size: Int) throws {
        #expect(try read("a,b\r\n1,2\n3,4", pieces: size) == ["1|a,b", "2|1,2", "3|3,4"])
    }

    @Test(arguments: [1, 2, 5, 1000])
    func quotedCells(_ size: Int) throws {
        #expect(
            try read("\"a,1\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",x\nlast,\"\"\n", pieces: size)
                == ["1|a,1,say \"hi\"", "2|two\nlines,x", "4|last,"])
    }

    @Test func emptyCellsAndBlankLines() throws {
        #expect(try read("a,,c\n\n,,\n,b,\n") == ["1|a,,c", "4|,b,"])
    }

    @Test func lastLineWithoutEnding() throws {
        #expect(try read("a,b\n1,") == ["1|a,b", "2|1,"])
        #expect(try read("") == [])
        #expect(try read("\n\n") == [])
    }

    @Test(arguments: [1, 4, 1000])
    func malformedQuotesCostOneLine(_ size: Int) throws {
        #expect(
            try read("a,b\nx\"y,1\n\"q\"z,2\nok,3\n", pieces: size)
                == ["1|a,b", "2!quote_malformed", "3!quote_malformed", "4|ok,3"])
    }

    @Test func anOpenQuoteDoesNotSwallowTheRestOfTheFile() throws {
        #expect(try read("a,b\n\"open,1\nok,2\nok,3\n") == ["1|a,b", "2!quote_open", "3|ok,2", "4|ok,3"])
    }

    @Test func anOpenQuoteThatFindsALaterQuoteCostsItsLineOnly() throws {
        #expect(try read("a,b\n\"open,1\nok,2\n\"x\",3\n") == ["1|a,b", "2!quote_malformed", "3|ok,2", "4|x,3"])
    }

    @Test func controlCharacters() throws {
        #expect(
            try read("a\u{0},b\nx\u{1f}y,1\nold\rmac,2\nok,3\n")
                == ["1!control_character", "2!control_character", "3!control_character", "4|ok,3"])
    }

    @Test func aTenMegabyteLineIsRefusedInLittleMemory() throws {
        let long = [UInt8](repeating: 0x61, count: 10 << 20)
        #expect(
            try read(Array("a,b\n".utf8) + long + Array("\nok,1\n".utf8), pieces: 1 << 16)
                == ["1|a,b", "2!line_too_long", "3|ok,1"])
        #expect(
            try read(Array("a,b\n\"".utf8) + long + Array("\nok,1\n".utf8), pieces: 1 << 16)
                == ["1|a,b", "2!quote_open", "3|ok,1"])
    }

    /// Any prefix of a file gives the same records as the whole up to where it was cut; nothing crashes or hangs.
    @Test func truncatedFiles() throws {
        let text = "h1,h2\r\n\"a \"\"b\"\"\",1\r\nc,\"d\ne\"\r\nf,2\r\n"
        let whole = try read(text)
        for length in 0...text.utf8.count {
            let part = try read(Array(text.utf8.prefix(length)), pieces: 3)
            // An open quote at the cut gives up its line, and what follows is read line by line.
            let sound = part.prefix { !$0.contains("!") }
            #expect(sound.dropLast().elementsEqual(whole.prefix(max(0, sound.count - 1))))
            #expect(part.count <= whole.count + 1)
        }
    }

    /// Random bytes: every line is either a record or a fault, in order, and reading ends.
    @Test func randomBytes() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab,\"\n\r\u{0}鹤".utf8)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).compactMap { _ in
                alphabet.randomElement(using: &generator)
            }
            let found = try read(bytes, pieces: Int.random(in: 1...50, using: &generator))
            let lines = found.compactMap { Int($0.prefix { $0.isNumber }) }
            #expect(lines == lines.sorted())
            #expect(found == (try read(bytes, pieces: 1000)))
        }
    }
}
