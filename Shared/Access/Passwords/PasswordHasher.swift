import Concurrency
import Crypto
import CryptoExtras
import Foundation

/// scrypt on a thread of its own: guesses are computed one after the other, so that a flood of sign-ins takes one core
/// and 32 MiB, not the service.
public actor PasswordHasher {
    /// More waiting guesses than this were turned away.
    public struct Overloaded: Error {}

    private let executor = ThreadExecutor(name: "scrypt")
    private nonisolated let parameters: ScryptParameters
    private nonisolated let queue: WaitingCount
    /// Compared with when there is no such account, so that the answer takes as long.
    private nonisolated let nobody: PasswordHash

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// `parameters`: of new hashes; a stored hash is verified with its own. `maximumWaiting`: at the standard cost the
    /// last of 32 waits some 6 s.
    public init(parameters: ScryptParameters = .standard, maximumWaiting: Int = 32) {
        self.parameters = parameters
        queue = WaitingCount(limit: maximumWaiting)
        nobody = PasswordHash(
            parameters: parameters, salt: [UInt8](repeating: 0, count: PasswordHash.saltLength),
            hash: [UInt8](repeating: 0, count: PasswordHash.hashLength))
    }

    deinit {
        executor.shutDown()
    }

    /// A new hash with a random salt. Throws `Overloaded` when too many wait.
    public nonisolated func hash(_ password: String) async throws -> PasswordHash {
        guard queue.enter() else { throw Overloaded() }
        defer { queue.leave() }
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<PasswordHash.saltLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return PasswordHash(parameters: parameters, salt: salt, hash: try await derive(password, salt, parameters))
    }

    /// True when the password is the one behind the hash. For an unknown login pass nil: the same work is done, so that
    /// the time of the answer does not tell whether the login exists. Throws `Overloaded` when too many wait.
    public nonisolated func verify(_ password: String, against stored: PasswordHash?) async throws -> Bool {
        guard queue.enter() else { throw Overloaded() }
        defer { queue.leave() }
        let isPossible = password.utf8.count <= PasswordHash.maximumBytes
        let expected = stored ?? nobody
        let derived = try await derive(isPossible ? password : "", expected.salt, expected.parameters)
        return constantTimeEquals(derived, expected.hash) && isPossible && stored != nil
    }

    private func derive(_ password: String, _ salt: [UInt8], _ parameters: ScryptParameters) throws -> [UInt8] {
        // Composed form, so that the same password typed on another keyboard gives the same bytes.
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.precomposedStringWithCanonicalMapping.utf8), salt: salt,
            outputByteCount: PasswordHash.hashLength, rounds: parameters.n, blockSize: parameters.r,
            parallelism: parameters.p)
        return key.withUnsafeBytes { Array($0) }
    }
}
