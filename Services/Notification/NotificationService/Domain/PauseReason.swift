/// Why an endpoint is paused. It is never removed by the platform.
enum PauseReason: String, Codable, CaseIterable, Sendable {
    /// The receiver answered 410 Gone.
    case gone
    /// A message could not be delivered within the whole retry schedule.
    case failing
    case byOwner = "by_owner"
}
