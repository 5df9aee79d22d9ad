/// Names of attachments as shown and downloaded.
enum AttachmentName {
    /// Characters, without the ending.
    static let maximum = 100

    /// What the sender called the file, without folders, control characters and quotes, ending in `ending`: pictures are
    /// stored as JPEG whatever they came as. `fallback` where nothing is left.
    static func clean(_ fileName: String, ending: String, fallback: String) -> String {
        let last = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        var stem = last
        if let dot = last.lastIndex(of: "."), last.distance(from: dot, to: last.endIndex) <= 6 {
            stem = String(last[..<dot])
        }
        let kept = stem.unicodeScalars.filter { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7f && scalar.properties.generalCategory != .format
                && !"\"'<>:*?|".unicodeScalars.contains(scalar)
        }
        var name = String(String.UnicodeScalarView(kept)).prefix(maximum)
        while name.first.map({ $0.isWhitespace || $0 == "." }) ?? false { name = name.dropFirst() }
        while name.last?.isWhitespace ?? false { name = name.dropLast() }
        return "\(name.isEmpty ? fallback[...] : name).\(ending)"
    }
}
