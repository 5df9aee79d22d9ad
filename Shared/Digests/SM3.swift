/// The hash SM3 (GB/T 32905-2016, ISO/IEC 10118-3:2018), 32 bytes.
enum SM3 {
    private static let start: [UInt32] = [
        0x7380_166f, 0x4914_b2b9, 0x1724_42d7, 0xda8a_0600, 0xa96f_30bc, 0x1631_38aa, 0xe38d_ee4d, 0xb0fb_0e4e,
    ]

    static func hash(_ message: some Sequence<UInt8>) -> [UInt8] {
        var state = start
        for block in padded(Array(message)) { compress(&state, block) }
        var digest: [UInt8] = []
        for word in state {
            for shift: UInt32 in [24, 16, 8, 0] { digest.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return digest
    }

    /// A one bit, zeros, the length in bits: blocks of 16 words.
    private static func padded(_ message: [UInt8]) -> [[UInt32]] {
        var bytes = message + [0x80]
        bytes += Array(repeating: 0, count: (120 - bytes.count % 64) % 64)
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        var blocks: [[UInt32]] = []
        for block in stride(from: 0, to: bytes.count, by: 64) {
            var words: [UInt32] = []
            for at in stride(from: block, to: block + 64, by: 4) {
                words.append(bytes[at..<at + 4].reduce(0) { word, byte in word << 8 | UInt32(byte) })
            }
            blocks.append(words)
        }
        return blocks
    }

    private static func compress(_ state: inout [UInt32], _ block: [UInt32]) {
        let words = expanded(block)
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for round in 0..<64 {
            let constant: UInt32 = round < 16 ? 0x79cc_4519 : 0x7a87_9d8a
            let first = left(left(a, 12) &+ e &+ left(constant, round % 32), 7)
            let second = first ^ left(a, 12)
            let ff = round < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
            let gg = round < 16 ? e ^ f ^ g : (e & f) | (~e & g)
            let one = ff &+ d &+ second &+ (words[round] ^ words[round + 4])
            let two = gg &+ h &+ first &+ words[round]
            (d, c, b, a) = (c, left(b, 9), a, one)
            (h, g, f, e) = (g, left(f, 19), e, two ^ left(two, 9) ^ left(two, 17))
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] ^= word }
    }

    private static func expanded(_ block: [UInt32]) -> [UInt32] {
        var words = block
        for index in 16..<68 {
            let mixed = words[index - 16] ^ words[index - 9] ^ left(words[index - 3], 15)
            let spread = mixed ^ left(mixed, 15) ^ left(mixed, 23)
            words.append(spread ^ left(words[index - 13], 7) ^ words[index - 6])
        }
        return words
    }

    private static func left(_ word: UInt32, _ count: Int) -> UInt32 {
        count == 0 ? word : word << UInt32(count) | word >> UInt32(32 - count)
    }
}
