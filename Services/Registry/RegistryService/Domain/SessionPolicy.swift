import Calendar

/// How long a browser stays signed in (等保 8.1.4.1 b; domain §5.3).
public enum SessionPolicy {
    /// Without any use of the session.
    public static let idle: Duration = .seconds(30 * 60)
    /// However much it is used.
    public static let absolute: Duration = .seconds(12 * 3600)

    public static func isAlive(startedAt: Instant, lastUsedAt: Instant, now: Instant) -> Bool {
        now < lastUsedAt + idle && now < startedAt + absolute
    }
}
