/// A file in which somebody keeps the checkpoints of a log, one note after the other.
enum CheckpointFile {
    /// The notes in it: text, empty line, signature lines; empty lines between notes do not matter.
    static func notes(in text: String) -> [String] {
        var notes: [String] = []
        var body: [Substring] = []
        var signatures: [Substring] = []
        func flush() {
            if !body.isEmpty, !signatures.isEmpty {
                notes.append((body + [""] + signatures).joined(separator: "\n") + "\n")
            }
            body = []
            signatures = []
        }
        // Files that went through another system may end lines with CR LF.
        for line in text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("— ") {
                signatures.append(line)
            } else {
                if !signatures.isEmpty { flush() }
                body.append(line)
            }
        }
        flush()
        return notes
    }
}
