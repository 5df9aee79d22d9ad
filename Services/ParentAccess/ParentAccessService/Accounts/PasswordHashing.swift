import Concurrency
import ServiceKit
import Synchronization

/// Runs scrypt on a thread of its own: guesses are computed one after the other, so that a flood of them takes one core
/// and 32 MiB, not the service. More than `maximumWaiting` at once are turned away with 503.
actor PasswordHashing {
    /// The last in the queue waits some 6 s at 0.2 s a guess.
    static let maximumWaiting = 32

    private let executor = ThreadExecutor(name: "scrypt")
    private nonisolated let waiting = Atomic(0)
    private nonisolated let parameters: PasswordHash.Parameters
    /// Compared with when there is no such account, so that the answer takes as long.
    private nonisolated let nobody: PasswordHash

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(parameters: PasswordHash.Parameters = .standard) {
        self.parameters = parameters
        nobody = PasswordHash(
            parameters: parameters, salt: [UInt8](repeating: 0, count: 16), hash: [UInt8](repeating: 0, count: 32))
    }

    nonisolated func hash(_ password: String) async throws -> PasswordHash {
        try enter()
        defer { waiting.subtract(1, ordering: .relaxed) }
        return try await make(password)
    }

    /// False for a wrong password and for nil (no such account); both take the same time.
    nonisolated func matches(_ password: String, _ stored: PasswordHash?) async throws -> Bool {
        try enter()
        defer { waiting.subtract(1, ordering: .relaxed) }
        return try await compare(password, stored ?? nobody) && stored != nil
    }

    private nonisolated func enter() throws {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.maximumWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            throw Problem.unavailable(code: "busy", retryAfter: 5)
        }
    }

    private func make(_ password: String) throws -> PasswordHash {
        try PasswordHash(password: password, parameters: parameters)
    }

    private func compare(_ password: String, _ stored: PasswordHash) throws -> Bool {
        try stored.matches(password)
    }
}
