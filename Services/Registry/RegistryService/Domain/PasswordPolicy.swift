import Calendar

/// How passwords age (等保 8.1.4.1 a).
public struct PasswordPolicy: Hashable, Sendable {
    /// Passwords that may not come back, the current one included.
    public static let history = 5
    /// After this many days the next sign-in asks for a new one; nil = never.
    public let maximumAgeDays: Int?

    public init(maximumAgeDays: Int?) {
        self.maximumAgeDays = maximumAgeDays
    }

    public func isTooOld(_ changedAt: Instant?, now: Instant) -> Bool {
        guard let maximumAgeDays, let changedAt else { return false }
        return now >= changedAt + .seconds(maximumAgeDays * 86_400)
    }
}
