/// A look at a PDF (ISO 32000) without rendering it: it is one, it is whole, and what it shows is all it does.
///
/// Names inside compressed object streams are not seen; PDFs are therefore only ever served as downloads.
enum PDFCheck {
    static let forbidden = [
        "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/Encrypt",
        "/SubmitForm",
        "/ImportData",
    ]

    enum Finding: Hashable, Sendable {
        case fine
        /// Cut off, or not a PDF behind its first line.
        case damaged
        case active(String)
    }

    static func look(at bytes: [UInt8]) -> Finding {
        let header = Array("%PDF-".utf8)
        guard bytes.count >= 32, bytes.starts(with: header), (0x31...0x32).contains(bytes[5]), bytes[6] == 0x2e else {
            return .damaged
        }
        // The trailer stands in the last KiB (ISO 32000-1, implementation note 18).
        let tail = String(decoding: bytes.suffix(1024), as: UTF8.self)
        guard tail.contains("startxref"), tail.contains("%%EOF") else { return .damaged }
        for name in names(in: bytes) where forbidden.contains(name) { return .active(name) }
        return .fine
    }

    /// Names, with `#4A` escapes resolved: `/J#61vaScript` is `/JavaScript`.
    private static func names(in bytes: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == 0x2f else {
                position += 1
                continue
            }
            var name: [UInt8] = [0x2f]
            position += 1
            while position < bytes.count, name.count < 64 {
                let byte = bytes[position]
                if byte == 0x23, position + 2 < bytes.count, let high = hex(bytes[position + 1]),
                    let low = hex(bytes[position + 2])
                {
                    name.append(high << 4 | low)
                    position += 3
                } else if isRegular(byte) {
                    name.append(byte)
                    position += 1
                } else {
                    break
                }
            }
            found.insert(String(decoding: name, as: UTF8.self))
        }
        return found
    }

    private static func isRegular(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && !Array("()<>[]{}/%".utf8).contains(byte)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
