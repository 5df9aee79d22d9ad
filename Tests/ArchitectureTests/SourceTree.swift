import Foundation

/// The repository's Swift sources as text.
enum SourceTree {
    struct File: Sendable {
        /// Relative to the repository, e.g. `Shared/Postgres/Row.swift`.
        let path: String
        let text: String

        var components: [String] { path.split(separator: "/").map(String.init) }

        /// Names of imported modules (`import struct Foundation.Date` names `Foundation`).
        var imports: [String] {
            text.split(separator: "\n").compactMap { line in
                var words = line.split(separator: " ").map(String.init)
                while let first = words.first,
                    first.hasPrefix("@") || ["public", "package", "internal"].contains(first)
                {
                    words.removeFirst()
                }
                guard words.first == "import", words.count > 1 else { return nil }
                let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
                return name.split(separator: ".").first.map(String.init)
            }
        }
    }

    /// This file lies in Tests/ArchitectureTests.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func files(below folder: String, suffix: String = ".swift") throws -> [File] {
        let url = root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: url.path) else { return [] }
        var files: [File] = []
        for case let name as String in walker where name.hasSuffix(suffix) {
            files.append(File(path: "\(folder)/\(name)", text: try text("\(folder)/\(name)")))
        }
        return files
    }

    static func topLevel() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path)
    }
}
