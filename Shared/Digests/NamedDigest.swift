/// A digest with the name of its algorithm: `sm3:66c7f0f4…`.
public struct NamedDigest: Hashable, Sendable, CustomStringConvertible {
    public let algorithm: HashAlgorithm
    public let bytes: [UInt8]

    public init(of content: some Sequence<UInt8>, _ algorithm: HashAlgorithm) {
        self.algorithm = algorithm
        bytes = algorithm.hash(content)
    }

    /// nil for an algorithm that we do not know, and for anything but lower-case hexadecimal of the right length.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let algorithm = HashAlgorithm(rawValue: String(parts[0])) else { return nil }
        let digits = Array(parts[1].utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// True when this content has this digest.
    public func matches(_ content: some Sequence<UInt8>) -> Bool { algorithm.hash(content) == bytes }

    public var description: String { "\(algorithm.rawValue):\(hexText)" }

    /// Lower-case, without the name.
    public var hexText: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
