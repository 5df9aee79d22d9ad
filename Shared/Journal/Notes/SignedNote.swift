import Foundation

/// A C2SP `signed-note`: a text that ends in a newline, an empty line, and signature lines.
public struct SignedNote: Hashable, Sendable {
    /// The signed text with its final newline.
    public var text: String
    public var signatures: [NoteSignature]

    public init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// nil for a text that is not a well-formed note with at least one signature line.
    public init?(parsing note: String) {
        guard note.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0a }), note.hasSuffix("\n"),
            let split = note.range(of: "\n\n", options: [.backwards, .literal])
        else { return nil }
        text = String(note[..<split.lowerBound]) + "\n"
        signatures = []
        for line in note[split.upperBound...].dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("— ") else { return nil }
            let parts = line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, NoteKey.isValidName(parts[0]), let data = Data(base64Encoded: String(parts[1])),
                data.count > 4
            else { return nil }
            signatures.append(
                NoteSignature(
                    name: String(parts[0]), keyId: data.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
                    signature: [UInt8](data.dropFirst(4))))
        }
        guard !signatures.isEmpty else { return nil }
    }

    public var serialized: String {
        let lines = signatures.map { signature in
            let id = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyId >> (24 - 8 * UInt32($0))) }
            return "— \(signature.name) \(Data(id + signature.signature).base64EncodedString())\n"
        }
        return text + "\n" + lines.joined()
    }
}
