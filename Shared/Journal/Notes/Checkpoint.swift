import Foundation

/// A tree head (C2SP `tlog-checkpoint`): whose log, how many entries, which root.
public struct Checkpoint: Hashable, Sendable {
    /// Unique name of the log, a URL without scheme, e.g. `brightkitchen.example/registry`.
    public var origin: String
    public var size: UInt64
    public var root: MerkleHash

    public init(origin: String, size: UInt64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed: origin, size in decimal and root in base64, a line each.
    public var text: String { "\(origin)\n\(size)\n\(Data(root.bytes).base64EncodedString())\n" }

    /// nil for a text that is not a checkpoint. Extension lines after the root are allowed and ignored.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty == true, !lines[0].isEmpty,
            let size = UInt64(lines[1]), String(size) == lines[1], let data = Data(base64Encoded: String(lines[2])),
            let root = MerkleHash(data)
        else { return nil }
        self.init(origin: String(lines[0]), size: size, root: root)
    }
}
