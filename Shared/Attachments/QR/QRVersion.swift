/// Sizes of the symbols used here: versions 1 … 10 at error correction level M (ISO/IEC 18004 tables 1, 7 and 9).
struct QRVersion: Sendable {
    let number: Int
    /// Check bytes of each block.
    let checkBytes: Int
    /// Data bytes of each block, in order.
    let blocks: [Int]
    let alignment: [Int]

    var size: Int { number * 4 + 17 }
    var dataBytes: Int { blocks.reduce(0, +) }
    /// Bits of the character count in byte mode.
    var countBits: Int { number < 10 ? 8 : 16 }

    static let all = [
        QRVersion(number: 1, checkBytes: 10, blocks: [16], alignment: []),
        QRVersion(number: 2, checkBytes: 16, blocks: [28], alignment: [6, 18]),
        QRVersion(number: 3, checkBytes: 26, blocks: [44], alignment: [6, 22]),
        QRVersion(number: 4, checkBytes: 18, blocks: [32, 32], alignment: [6, 26]),
        QRVersion(number: 5, checkBytes: 24, blocks: [43, 43], alignment: [6, 30]),
        QRVersion(number: 6, checkBytes: 16, blocks: [27, 27, 27, 27], alignment: [6, 34]),
        QRVersion(number: 7, checkBytes: 18, blocks: [31, 31, 31, 31], alignment: [6, 22, 38]),
        QRVersion(number: 8, checkBytes: 22, blocks: [38, 38, 39, 39], alignment: [6, 24, 42]),
        QRVersion(number: 9, checkBytes: 22, blocks: [36, 36, 36, 37, 37], alignment: [6, 26, 46]),
        QRVersion(number: 10, checkBytes: 26, blocks: [43, 43, 43, 43, 44], alignment: [6, 28, 50]),
    ]

    /// The smallest symbol that holds that many bytes: 4 bits mode, the count, the bytes.
    static func smallest(for byteCount: Int) -> QRVersion? {
        all.first { 4 + $0.countBits + byteCount * 8 <= $0.dataBytes * 8 }
    }
}
