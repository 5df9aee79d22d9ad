import Access
import Concurrency
import Crypto
import CryptoExtras
import Foundation
import ServiceKit

/// scrypt on a thread of its own: guesses are computed one after the other, so that a flood of sign-ins takes one core
/// and 32 MiB, not the service.
public actor PasswordHasher {
    /// More waiting guesses than this are turned away: the last would wait some 6 s.
    static let maximumWaiting = 64

    private let executor = ThreadExecutor(name: "scrypt")
    private nonisolated let parameters: ScryptParameters
    private nonisolated let queue = WaitingCount(limit: maximumWaiting)

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(parameters: ScryptParameters = .current) {
        self.parameters = parameters
    }

    public struct Overloaded: Error {}

    /// A new hash with a random salt.
    public func hash(_ password: String) throws -> PasswordHash {
        let salt = RandomToken.bytes(PasswordHash.saltLength)
        return PasswordHash(
            parameters: parameters, salt: salt, hash: try Self.derive(password, salt: salt, parameters))
    }

    /// True when the password is the one behind the hash. For an unknown login pass nil: the same work is done, so that
    /// the time of the answer does not tell whether the login exists.
    public nonisolated func verify(_ password: String, against stored: PasswordHash?) async throws -> Bool {
        guard queue.enter() else { throw Overloaded() }
        defer { queue.leave() }
        return try await check(password, stored)
    }

    private func check(_ password: String, _ stored: PasswordHash?) throws -> Bool {
        let expected =
            stored
            ?? PasswordHash(
                parameters: parameters, salt: [UInt8](repeating: 0, count: PasswordHash.saltLength),
                hash: [UInt8](repeating: 0, count: PasswordHash.hashLength))
        let derived = try Self.derive(password, salt: expected.salt, expected.parameters)
        return constantTimeEquals(derived, expected.hash) && stored != nil
    }

    private static func derive(_ password: String, salt: [UInt8], _ parameters: ScryptParameters) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.precomposedStringWithCanonicalMapping.utf8), salt: salt,
            outputByteCount: PasswordHash.hashLength, rounds: parameters.n, blockSize: parameters.r,
            parallelism: parameters.p, maxMemory: parameters.memory)
        return key.withUnsafeBytes { Array($0) }
    }
}
