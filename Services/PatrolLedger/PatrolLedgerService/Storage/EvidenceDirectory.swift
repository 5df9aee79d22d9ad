import Foundation
import ServiceKit

/// Originals in a folder: `<root>/sha256/ab/cd/<hash>`. Written once, read-only, never changed; removed only by the
/// retention job, after its record is written.
struct EvidenceDirectory: EvidenceStorage {
    let root: URL

    init(root: URL) throws {
        self.root = root
        try FileManager.default.createDirectory(
            at: root.appending(path: EvidenceVault.algorithm, directoryHint: .isDirectory),
            withIntermediateDirectories: true)
    }

    /// The bytes are synced, renamed into place, and the folder is synced.
    func put(_ bytes: Data, as hash: String) async throws {
        let target = try url(hash)
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
    }

    func get(_ hash: String) async throws -> Data? {
        let file = try url(hash)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Data(contentsOf: file)
    }

    func remove(_ hash: String) async throws {
        let file = try url(hash)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.removeItem(at: file)
        try DurableFile.sync(folder: file.deletingLastPathComponent())
    }

    func list(after hash: String?) async throws -> [String] {
        let top = root.appending(path: EvidenceVault.algorithm, directoryHint: .isDirectory)
        var found: [String] = []
        for first in try Self.names(top, from: hash.map { String($0.prefix(2)) }) {
            let folder = top.appending(path: first, directoryHint: .isDirectory)
            let isStart = hash?.hasPrefix(first) == true
            for second in try Self.names(folder, from: isStart ? hash.map { String($0.dropFirst(2).prefix(2)) } : nil) {
                let names = try Self.names(folder.appending(path: second, directoryHint: .isDirectory), from: nil)
                for name in names where EvidenceDigest.isValid(name) {
                    if let hash, name <= hash { continue }
                    found.append(name)
                    if found.count == EvidenceDigest.listLength { return found }
                }
            }
        }
        return found
    }

    func check() async throws -> String {
        let folder = root.appending(path: EvidenceVault.algorithm, directoryHint: .isDirectory)
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            throw NotReady("the evidence folder cannot be written")
        }
        return "folder"
    }

    func url(_ hash: String) throws -> URL {
        try EvidenceDigest.check(hash)
        return root.appending(path: EvidenceDigest.path(hash))
    }

    /// Names in the folder, in order, from the given one on.
    private static func names(_ folder: URL, from start: String?) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        guard let start else { return names }
        return names.filter { $0 >= start }
    }
}
