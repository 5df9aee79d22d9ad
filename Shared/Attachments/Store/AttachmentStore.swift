import Digests
import Foundation

/// Files by their content: `<root>/<algorithm>/ab/cd/<digest>`. Written once, read-only, the same bytes are one file.
public struct AttachmentStore: Sendable {
    public enum Failure: Error, Hashable, Sendable {
        case notADigest
        case missing
        /// The bytes on disk have another digest than their name says.
        case altered(actual: String)
    }

    private let root: URL
    private let algorithm: HashAlgorithm

    /// Creates the folder when it is not there. `algorithm`: what is stored from now on is named by it; what was stored
    /// before keeps its name.
    public init(root: URL, algorithm: HashAlgorithm = .sha256) throws {
        self.root = root
        self.algorithm = algorithm
        try FileManager.default.createDirectory(
            at: root.appending(path: algorithm.rawValue, directoryHint: .isDirectory), withIntermediateDirectories: true
        )
    }

    /// Durable when it returns: synced, renamed into place, folder synced.
    public func put(_ bytes: [UInt8], as type: AttachmentType) async throws -> Attachment {
        let digest = Self.text(NamedDigest(of: bytes, algorithm))
        let attachment = Attachment(digest: digest, type: type, byteCount: bytes.count)
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
        let actual = Self.text(NamedDigest(of: bytes, try Self.read(digest).algorithm))
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

    /// True for the name of a file that this store could have given.
    public static func isDigest(_ text: String) -> Bool {
        do {
            return try text == Self.text(read(text))
        } catch {
            return false
        }
    }

    /// A digest can never name a file outside the root: the name of an algorithm and 64 lower-case hex digits, or nothing.
    private func file(_ digest: String) throws -> URL {
        let named = try Self.read(digest)
        let hex = named.hexText
        return root.appending(path: named.algorithm.rawValue).appending(path: String(hex.prefix(2)))
            .appending(path: String(hex.dropFirst(2).prefix(2))).appending(path: hex)
    }

    /// SHA-256 goes without its name, as it did before there was a choice.
    private static func text(_ digest: NamedDigest) -> String {
        digest.algorithm == .sha256 ? digest.hexText : digest.description
    }

    private static func read(_ text: String) throws -> NamedDigest {
        guard let digest = NamedDigest(text.contains(":") ? text : "\(HashAlgorithm.sha256):\(text)") else {
            throw Failure.notADigest
        }
        return digest
    }
}
