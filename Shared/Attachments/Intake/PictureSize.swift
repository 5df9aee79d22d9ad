/// Width and height as a picture's header states them: a pixel bomb is refused before anything decodes it.
struct PictureSize: Hashable, Sendable {
    let width: Int
    let height: Int

    var pixels: Int { width.multipliedReportingOverflow(by: height).overflow ? Int.max : width * height }

    /// nil when the header is not where the format wants it.
    init?(_ bytes: [UInt8], _ type: AttachmentType) {
        let found: (Int, Int)? =
            switch type {
            case .png: Self.png(bytes)
            case .jpeg: Self.jpeg(bytes)
            case .webp: Self.webp(bytes)
            case .pdf: nil
            }
        guard let (width, height) = found, width > 0, height > 0 else { return nil }
        self.width = width
        self.height = height
    }

    private static func bigEndian(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func littleEndian(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Signature (8), length (4), `IHDR`, width (4), height (4).
    private static func png(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 24, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        return (bigEndian(bytes, 16, 4), bigEndian(bytes, 20, 4))
    }

    /// The first start-of-frame segment.
    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int)? {
        var position = 2
        while position + 9 < bytes.count {
            guard bytes[position] == 0xff else { return nil }
            let marker = bytes[position + 1]
            switch marker {
            case 0xff:
                position += 1
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                return (bigEndian(bytes, position + 7, 2), bigEndian(bytes, position + 5, 2))
            case 0xd9, 0xda:
                return nil
            case 0x01, 0xd0...0xd8:
                position += 2
            default:
                let length = bigEndian(bytes, position + 2, 2)
                guard length >= 2 else { return nil }
                position += 2 + length
            }
        }
        return nil
    }

    /// `VP8X` (extended), `VP8L` (lossless) or `VP8 ` (lossy) as the first chunk.
    private static func webp(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 30 else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8X":
            return (littleEndian(bytes, 24, 3) + 1, littleEndian(bytes, 27, 3) + 1)
        case "VP8L":
            guard bytes[20] == 0x2f else { return nil }
            let bits = littleEndian(bytes, 21, 4)
            return (bits & 0x3fff + 1, bits >> 14 & 0x3fff + 1)
        case "VP8 ":
            guard bytes[23] == 0x9d, bytes[24] == 0x01, bytes[25] == 0x2a else { return nil }
            return (littleEndian(bytes, 26, 2) & 0x3fff, littleEndian(bytes, 28, 2) & 0x3fff)
        default:
            return nil
        }
    }
}
