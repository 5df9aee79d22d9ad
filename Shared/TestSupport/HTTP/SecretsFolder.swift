import Foundation

/// A secrets directory for tests, with a journal signing key of its own.
public struct SecretsFolder: Sendable {
    public let path: String

    public init(_ files: [String: String] = [:]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bk-secrets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
        let seed = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        for (name, content) in files.merging(["journal-signing-key": seed], uniquingKeysWith: { own, _ in own }) {
            try Data(content.utf8).write(to: folder.appendingPathComponent(name))
        }
    }

    public func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
