import Crypto

/// A SHA-256 value, 32 bytes held in place: a tree of millions of them needs no heap object each.
public struct MerkleHash: Hashable, Sendable {
    public static let byteCount = 32

    /// Four words and not `SIMD4<UInt64>`, which asks for 32-byte alignment: the optimiser of Swift 6.3 makes the task
    /// memory of an asynchronous function that holds such a value too small by the padding, and the function writes past
    /// its end ("freed pointer was not the last allocation", in release builds only).
    private struct Words: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    private var words = Words()

    /// nil unless there are exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    init(_ digest: SHA256Digest) {
        digest.withUnsafeBytes { source in
            Swift.withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: source) }
        }
    }

    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words) { try body($0) }
    }

    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// Lower-case hexadecimal, 64 digits.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return withUnsafeBytes { bytes in
            String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}

extension MerkleHash: CustomStringConvertible {
    public var description: String { hex }
}
