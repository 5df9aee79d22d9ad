import Contracts
import Foundation

/// Who was shut out while tokens of theirs are still running: persons and programs (every token issued until then) and
/// single browser sessions. The registry keeps it for one token lifetime; services fetch it every two seconds.
public struct Revocations: Codable, Hashable, Sendable {
    /// Person or program → second of the epoch: tokens issued in it or before are void.
    public var issuedUntil: [String: Int64]
    /// `sid` of ended sessions.
    public var sessions: Set<String>

    public init(issuedUntil: [String: Int64] = [:], sessions: Set<String> = []) {
        self.issuedUntil = issuedUntil
        self.sessions = sessions
    }

    /// The document of `/internal/revocations`.
    public init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json))
    }

    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
    }

    func covers(_ person: PersonID, session: String?, issuedAt: Int64) -> Bool {
        if let session, sessions.contains(session) { return true }
        guard let until = issuedUntil[person.rawValue] else { return false }
        return issuedAt <= until
    }
}
