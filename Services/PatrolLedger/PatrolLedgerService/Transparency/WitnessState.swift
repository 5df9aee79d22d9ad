import Foundation
import Journal

/// What a witness keeps in its folder: every checkpoint it saw, and its key. Nothing in it is ever taken back.
struct WitnessState: Sendable {
    enum Fault: Error, Hashable, CustomStringConvertible {
        case notSigned(String)
        case otherLog(String)
        case truncated(seen: UInt64, now: UInt64)
        case forked(size: UInt64)
        case inconsistent(from: UInt64, to: UInt64)

        var description: String {
            switch self {
            case .notSigned(let key): "the checkpoint has no valid signature by \(key)"
            case .otherLog(let origin): "the checkpoint is of another log: \(origin)"
            case .truncated(let seen, let now): "the log was cut off: it had \(seen) entries, now it claims \(now)"
            case .forked(let size): "the log was rewritten: another root at the same size \(size)"
            case .inconsistent(let from, let to):
                "the log was rewritten: size \(to) does not follow from the \(from) entries seen before"
            }
        }
    }

    let folder: URL
    /// Key of the log.
    let key: NoteKey

    private var file: URL { folder.appending(path: "checkpoints.txt") }

    /// The newest checkpoint that was accepted.
    func latest() throws -> Checkpoint? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.components(separatedBy: "\n\n\n").filter { !$0.isEmpty }
            .compactMap { SignedNote(parsing: $0.hasSuffix("\n") ? $0 : $0 + "\n") }
            .compactMap { Checkpoint(text: $0.text) }.max { $0.size < $1.size }
    }

    /// Checks a fetched checkpoint against everything seen before. Returns false when it is the one already known.
    /// - Parameter consistency: asked for the RFC 6962 proof between two sizes, as it came from the log.
    func check(
        _ note: SignedNote, consistency: (UInt64, UInt64) async throws -> [MerkleHash]
    ) async throws -> Bool {
        guard key.verifies(note) else { throw Fault.notSigned(key.name) }
        guard let checkpoint = Checkpoint(text: note.text), checkpoint.origin == key.name else {
            throw Fault.otherLog(note.text.split(separator: "\n").first.map(String.init) ?? "")
        }
        guard let seen = try latest() else { return true }
        guard checkpoint.size >= seen.size else { throw Fault.truncated(seen: seen.size, now: checkpoint.size) }
        if checkpoint.size == seen.size {
            guard checkpoint.root == seen.root else { throw Fault.forked(size: seen.size) }
            return false
        }
        let proof = try await consistency(seen.size, checkpoint.size)
        guard
            MerkleTree.verifyConsistency(
                oldSize: seen.size, oldRoot: seen.root, newSize: checkpoint.size, newRoot: checkpoint.root, proof: proof
            )
        else { throw Fault.inconsistent(from: seen.size, to: checkpoint.size) }
        return true
    }

    /// Appends to the file; three line ends part the notes (`verify --checkpoints` reads the same file).
    func keep(_ note: SignedNote) throws {
        try append(note.serialized + "\n\n", to: file)
    }

    /// What contradicts the log's earlier signatures is kept apart: it is the proof.
    func keepContradiction(_ note: String) throws {
        try append(note + "\n\n", to: folder.appending(path: "contradictions.txt"))
    }

    private func append(_ text: String, to file: URL) throws {
        if !FileManager.default.fileExists(atPath: file.path) {
            try Data().write(to: file, options: .withoutOverwriting)
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
    }
}
