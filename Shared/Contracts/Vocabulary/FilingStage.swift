/// Where the filing of a public-safety camera with the police (公安备案) stands.
public enum FilingStage: String, Codable, Hashable, CaseIterable, Sendable {
    /// The period ends soon.
    case due
    /// The period is over and nothing is filed.
    case overdue
    /// Number and day of the filing are recorded.
    case filed
}
