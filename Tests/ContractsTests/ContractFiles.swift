import Foundation

/// The published contract under `docs/events`, and the sources it must agree with.
enum ContractFiles {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let events = root.appending(path: "docs/events")

    /// Exact bytes of the sample, without the line end of the file.
    static func golden(_ type: String) throws -> [UInt8] {
        var bytes = [UInt8](try Data(contentsOf: events.appending(path: "golden/\(type).json")))
        if bytes.last == 0x0a { bytes.removeLast() }
        return bytes
    }

    static func schema(_ type: String) throws -> JSONValue {
        try JSONValue(Data(contentsOf: events.appending(path: "schemas/\(type).schema.json")))
    }

    static func names(in folder: String, suffix: String) throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(atPath: events.appending(path: folder).path)
        return Set(files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) })
    }

    /// The CloudEvents types that `Shared/Contracts` declares.
    static func declaredTypes() throws -> Set<String> {
        let folder = root.appending(path: "Shared/Contracts")
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
        var types: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /static let type = "([^"]+)"/) { types.insert(String(match.1)) }
        }
        return types
    }
}
