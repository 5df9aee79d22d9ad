import Foundation

/// A folder of one's own for the length of one piece of work.
enum WorkFolder {
    static func with<T: Sendable>(_ body: (URL) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "patrol-ledger-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do {
            let result = try await body(folder)
            try FileManager.default.removeItem(at: folder)
            return result
        } catch {
            // The folder is in the temporary directory: what cannot be removed now goes with the next restart.
            do { try FileManager.default.removeItem(at: folder) } catch { throw error }
            throw error
        }
    }
}
