import Crypto
import Foundation

/// Originals by their content, wherever they lie: hashes before it stores and after it reads.
struct EvidenceVault: Sendable {
    static let algorithm = "sha256"

    /// A file in the vault.
    struct Sealed: Hashable, Sendable {
        /// Lower-case hex SHA-256.
        var hash: String
        var byteCount: Int
    }

    enum Integrity: Hashable, Sendable {
        case intact
        case missing
        /// The file's bytes have another hash than its name says.
        case altered(actual: String)
    }

    let storage: any EvidenceStorage

    /// Durable when it returns. The same bytes again are the same file; a file that was altered is written anew.
    func store(_ bytes: Data) async throws -> Sealed {
        let hash = Self.hexDigest(bytes)
        let sealed = Sealed(hash: hash, byteCount: bytes.count)
        let known = try await check(hash)
        if known == .intact { return sealed }
        try await storage.put(bytes, as: hash)
        return sealed
    }

    /// Only for evidence whose disposal is written down. Nothing happens when the file is gone already.
    func remove(_ hash: String) async throws {
        try await storage.remove(hash)
    }

    func bytes(_ hash: String) async throws -> Data {
        guard let bytes = try await storage.get(hash) else {
            throw Refusal.unavailable(
                "evidence_missing", zh: "证据原件不在存储中", en: "The original is not in the storage")
        }
        return bytes
    }

    /// Reads the file and hashes it again.
    func check(_ hash: String) async throws -> Integrity {
        guard let bytes = try await storage.get(hash) else { return .missing }
        let actual = Self.hexDigest(bytes)
        return actual == hash ? .intact : .altered(actual: actual)
    }

    static func hexDigest(_ bytes: some DataProtocol) -> String {
        SHA256.hash(data: bytes).hexText
    }
}

extension Digest {
    /// Lower-case hex.
    var hexText: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
