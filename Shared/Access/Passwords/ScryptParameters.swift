/// Cost of scrypt (RFC 7914), stored beside each hash so that it can be raised without locking anybody out.
public struct ScryptParameters: Hashable, Sendable {
    /// N = 2^15, r = 8, p = 3 (OWASP password storage cheat sheet): 32 MiB and about 0.2 s a guess.
    public static let standard = ScryptParameters(n: 1 << 15, r: 8, p: 3)
    /// For tests only: the same code in a millisecond.
    public static let quick = ScryptParameters(n: 1 << 4, r: 8, p: 1)

    /// Rounds, a power of two.
    public let n: Int
    /// Block size.
    public let r: Int
    /// Parallelism.
    public let p: Int

    public init(n: Int, r: Int, p: Int) {
        self.n = n
        self.r = r
        self.p = p
    }
}
