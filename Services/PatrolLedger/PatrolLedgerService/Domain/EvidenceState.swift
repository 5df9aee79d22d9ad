/// Where a piece of evidence stands (domain card §6 art 7). Capture and seal are one step: nothing is kept unsealed.
enum EvidenceState: String, Codable, Hashable, CaseIterable, Sendable {
    case sealed
    case reviewed
    /// A problem rests on it.
    case attached
    /// Kept beyond its retention until it is released.
    case held
    case released
    case disposed
}
