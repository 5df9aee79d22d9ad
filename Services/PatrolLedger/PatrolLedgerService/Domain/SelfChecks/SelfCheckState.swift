/// A self-check from its generation to its end. `missed` stays for ever; a late report is noted beside it.
enum SelfCheckState: String, Codable, Hashable, CaseIterable, Sendable {
    case generated
    case inProgress = "in_progress"
    case submitted
    /// An organ has read it.
    case reviewed
    case missed
    case exempt

    /// Waits for the school.
    var isOpen: Bool { self == .generated || self == .inProgress }
    var isDone: Bool { self == .submitted || self == .reviewed }
}
