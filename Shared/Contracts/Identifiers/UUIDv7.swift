import Foundation

/// Time-ordered UUIDs (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.
public enum UUIDv7 {
    /// Lower-case text form.
    public static func string(at date: Date = Date()) -> String {
        let milliseconds = UInt64(date.timeIntervalSince1970 * 1000)
        let high = (milliseconds << 16) | 0x7000 | UInt64.random(in: 0...0xfff)
        let low = (UInt64.random(in: 0...UInt64.max) & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000
        let digits = hex(high) + hex(low)
        var text = ""
        for (index, character) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(character)
        }
        return text
    }

    /// True for any UUID in lower-case text form; what a path parameter must look like before it reaches SQL.
    public static func isWellFormed(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == 0x2d
            default: (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
            }
        }
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
