/// The person's training is not recorded (art 11), and what follows. Travels in the access token, so that every service
/// knows without asking; it is at most a token's lifetime old.
public enum TrainingShortfall: String, Codable, Hashable, Sendable {
    /// Pages say so; nothing is restricted.
    case warned
    /// Reads only, until it is recorded.
    case blocked
}
