/// Guessing passwords: five failures of one login within a quarter of an hour block it for as long (domain §5.3 b);
/// thirty failures from one address do the same to the address, behind which a whole school may sit.
public enum LockoutPolicy {
    public static let failuresPerLogin = 5
    public static let failuresPerAddress = 30
    public static let window: Duration = .seconds(15 * 60)
}
