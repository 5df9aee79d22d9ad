/// Codes for a lost telephone: ten of them, each good once, 12 characters without look-alikes (about 59 bits).
public enum RecoveryCode {
    public static let count = 10
    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")

    public static func new() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<12).compactMap { _ in alphabet.randomElement(using: &generator) }
        return stride(from: 0, to: 12, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    /// What people type: case, blanks and hyphens do not matter. nil when it cannot be such a code.
    public static func normalised(_ text: String) -> String? {
        let letters = text.uppercased().filter { !$0.isWhitespace && $0 != "-" }
        guard letters.count == 12, letters.allSatisfy({ alphabet.contains($0) }) else { return nil }
        return letters
    }
}
