/// Names a piece of evidence and the hash by which anybody can check it.
public struct EvidenceReference: Codable, Hashable, Sendable {
    public var evidenceId: EvidenceID
    public var kind: EvidenceKind
    /// `sha256`.
    public var hashAlgorithm: String
    /// Lower-case hex digest of the untouched original.
    public var hash: String

    public init(evidenceId: EvidenceID, kind: EvidenceKind, hashAlgorithm: String = "sha256", hash: String) {
        self.evidenceId = evidenceId
        self.kind = kind
        self.hashAlgorithm = hashAlgorithm
        self.hash = hash
    }
}
