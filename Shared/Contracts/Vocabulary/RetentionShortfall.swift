/// Why recordings are short of what must be kept.
public enum RetentionShortfall: String, Codable, Hashable, CaseIterable, Sendable {
    /// the last day alone is below the minimum.
    case day
    /// all days together are.
    case window
    /// the recorder no longer keeps what it recorded.
    case overwritten
}
