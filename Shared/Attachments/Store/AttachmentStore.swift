import Crypto
import Foundation

/// Files by their content: `<root>/sha256/ab/cd/<digest>`. Written once, read-only, the same bytes are one file.
public struct AttachmentStore: Sendable {
    public enum Failure: Error, Hashable, Sendable {
        case notADigest
        case missing
        /// The bytes on disk have another digest than their name says.
        case altered(actual: String)
    }

    private let root: URL

    /// Creates the folder when it is not there.
    public init(root: URL) throws {
        self.root = root
        try FileManager.default.createDirectory(
            at: root.appending(path: "sha256", directoryHint: .isDirectory), withIntermediateDirectories: true)
    }

    /// Durable when it returns: synced, renamed into place, folder synced.
    public func put(_ bytes: [UInt8], as type: AttachmentType) async throws -> Attachment {
        let digest = Self.digest(bytes)
        let attachment = Attachment(sha256: digest, type: type, byteCount: bytes.count)
        let target = try file(digest)
        if FileManager.default.fileExists(atPath: target.path) { return attachment }
        let folder = target.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try DurableWrite.create(bytes, at: target)
        return attachment
    }

    /// The bytes, after their digest was checked: what was put in comes out, or an error.
    public func get(_ digest: String) async throws -> [UInt8] {
        let file = try file(digest)
        guard FileManager.default.fileExists(atPath: file.path) else { throw Failure.missing }
        let bytes = [UInt8](try Data(contentsOf: file))
        let actual = Self.digest(bytes)
        guard actual == digest else { throw Failure.altered(actual: actual) }
        return bytes
    }

    /// For personal data whose owner wants it gone; the caller knows that nobody else names the file. A file that is not
    /// there is fine.
    public func remove(_ digest: String) async throws {
        let file = try file(digest)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.removeItem(at: file)
    }

    /// A digest can never name a file outside the root: 64 lower-case hex digits or nothing.
    private func file(_ digest: String) throws -> URL {
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { throw Failure.notADigest }
        return root.appending(path: "sha256").appending(path: String(digest.prefix(2)))
            .appending(path: String(digest.dropFirst(2).prefix(2))).appending(path: digest)
    }

    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
