import Access
import Crypto
import CryptoExtras
import Foundation

/// A password as it is stored: scrypt (RFC 7914) with its own salt and the parameters it was made with.
struct PasswordHash: Sendable, Hashable {
    /// Cost parameters; stored beside the hash, so that they can be raised without locking anybody out.
    struct Parameters: Sendable, Hashable {
        var rounds: Int
        var blockSize: Int
        var parallelism: Int

        /// OWASP password storage cheat sheet: N = 2¹⁵, r = 8, p = 3 (32 MiB).
        static let standard = Parameters(rounds: 1 << 15, blockSize: 8, parallelism: 3)
        /// For tests only: the same code path in a millisecond.
        static let quick = Parameters(rounds: 1 << 4, blockSize: 8, parallelism: 1)
    }

    /// Shortest password; longest 200 characters, so that hashing cannot be used to burn the processor.
    static let lengths = 12...200
    private static let outputBytes = 32

    let parameters: Parameters
    let salt: [UInt8]
    let hash: [UInt8]

    init(parameters: Parameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    /// Hashes a new password with a fresh 128-bit salt.
    init(password: String, parameters: Parameters) throws {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.init(
            parameters: parameters, salt: salt,
            hash: try Self.derive(password, salt: salt, parameters))
    }

    func matches(_ password: String) throws -> Bool {
        constantTimeEquals(try Self.derive(password, salt: salt, parameters), hash)
    }

    private static func derive(_ password: String, salt: [UInt8], _ parameters: Parameters) throws -> [UInt8] {
        // Composed form, so that the same password typed on another keyboard gives the same bytes.
        let bytes = Array(password.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: outputBytes, rounds: parameters.rounds,
            blockSize: parameters.blockSize, parallelism: parameters.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}
