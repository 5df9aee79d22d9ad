import Foundation

/// Where originals lie, by their digest: a folder or an object storage. It keeps and gives bytes; whether they are the
/// right ones is told by `EvidenceVault`, which hashes what it gets.
///
/// What cannot be told now (no connection, wrong key, no such bucket) is thrown as a `Refusal`: an original that nobody
/// can reach is neither intact nor missing.
protocol EvidenceStorage: Sendable {
    /// Durable when it returns. What lay there under the same digest is replaced.
    func put(_ bytes: Data, as hash: String) async throws
    /// nil: nothing lies there.
    func get(_ hash: String) async throws -> Data?
    /// Only for evidence whose disposal is written down. Nothing happens when the file is gone already.
    func remove(_ hash: String) async throws
    /// Digests of what lies there, in order, after the given one: at most `EvidenceDigest.listLength`; empty = the end.
    func list(after hash: String?) async throws -> [String]
    /// What the operator is shown; throws when originals can be neither read nor kept now.
    func check() async throws -> String
}
