/// Cost of scrypt (RFC 7914), stored beside each hash so that it can be raised without locking anybody out.
public struct ScryptParameters: Hashable, Sendable {
    /// N = 2^15, r = 8, p = 1: 32 MiB and about 0.1 s a guess.
    public static let current = ScryptParameters(n: 1 << 15, r: 8, p: 1)
    /// Memory bound handed to the function: 128 · N · r bytes and room for its overhead.
    var memory: Int { 128 * n * r * 2 }

    public let n: Int
    public let r: Int
    public let p: Int
}
