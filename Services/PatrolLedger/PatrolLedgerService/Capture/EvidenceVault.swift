import Crypto
import Foundation

/// Originals by their content: `<root>/sha256/ab/cd/<hash>`. Written once, read-only, never changed; removed only by the
/// retention job, after its record is written.
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

    let root: URL

    init(root: URL) throws {
        self.root = root
        try FileManager.default.createDirectory(
            at: root.appending(path: Self.algorithm, directoryHint: .isDirectory), withIntermediateDirectories: true)
    }

    /// Durable when it returns: the bytes are synced, renamed into place, and the folder is synced. The same bytes again
    /// are the same file.
    func store(_ bytes: Data) throws -> Sealed {
        let hash = Self.hexDigest(bytes)
        let target = try url(hash)
        let sealed = Sealed(hash: hash, byteCount: bytes.count)
        if FileManager.default.fileExists(atPath: target.path), try check(hash) == .intact { return sealed }
        let folder = target.deletingLastPathComponent()
        try DurableFile.create(folder: folder)
        let temporary = folder.appending(path: ".\(UUID().uuidString).part")
        do {
            try DurableFile.write(bytes, to: temporary, mode: 0o440)
            try DurableFile.rename(temporary, to: target)
        } catch {
            if FileManager.default.fileExists(atPath: temporary.path) {
                try FileManager.default.removeItem(at: temporary)
            }
            throw error
        }
        try DurableFile.sync(folder: folder)
        try DurableFile.sync(folder: folder.deletingLastPathComponent())
        return sealed
    }

    /// Only for evidence whose disposal is written down. Nothing happens when the file is gone already.
    func remove(_ hash: String) throws {
        let file = try url(hash)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.removeItem(at: file)
        try DurableFile.sync(folder: file.deletingLastPathComponent())
    }

    func bytes(_ hash: String) throws -> Data {
        try Data(contentsOf: try url(hash))
    }

    /// Reads the file and hashes it again.
    func check(_ hash: String) throws -> Integrity {
        let file = try url(hash)
        guard FileManager.default.fileExists(atPath: file.path) else { return .missing }
        let actual = Self.hexDigest(try Data(contentsOf: file))
        return actual == hash ? .intact : .altered(actual: actual)
    }

    /// Throws for anything that is not 64 hex digits, so that a hash can never name a file outside the vault.
    func url(_ hash: String) throws -> URL {
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            throw Refusal.unavailable("bad_hash", zh: "证据摘要格式错误", en: "The digest is malformed")
        }
        return root.appending(path: Self.algorithm).appending(path: String(hash.prefix(2)))
            .appending(path: String(hash.dropFirst(2).prefix(2))).appending(path: hash)
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
