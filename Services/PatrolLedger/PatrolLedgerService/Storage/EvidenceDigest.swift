/// 证据摘要: lower-case hex SHA-256, and nothing else, so that a digest can never name a file outside the storage.
enum EvidenceDigest {
    /// Longest list that `EvidenceStorage.list` gives at once.
    static let listLength = 1000

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
