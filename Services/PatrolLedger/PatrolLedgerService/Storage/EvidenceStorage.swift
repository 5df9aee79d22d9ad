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
    /// Digests of what lies there, in order, after the given one: at most `listLength`; empty = the end.
    func list(after hash: String?) async throws -> [String]
    /// What the operator is shown; throws when originals can be neither read nor kept now.
    func check() async throws -> String
}

/// Longest list that `EvidenceStorage.list` gives at once.
let evidenceListLength = 1000

/// 证据摘要: lower-case hex SHA-256, and nothing else, so that a digest can never name a file outside the storage.
enum EvidenceDigest {
    static func isValid(_ hash: String) -> Bool {
        hash.utf8.count == 64 && hash.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func check(_ hash: String) throws {
        guard isValid(hash) else {
            throw Refusal.unavailable("bad_hash", zh: "证据摘要格式错误", en: "The digest is malformed")
        }
    }

    /// `sha256/ab/cd/<hash>`, the same in a folder and in a bucket.
    static func path(_ hash: String) -> String {
        "\(EvidenceVault.algorithm)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
    }
}
