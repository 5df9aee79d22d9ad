/// Public account numbers, `P-2026-K7QM-4XD9`: easy to read out, without characters that look alike, not guessable in
/// order.
enum AccountNumber {
    /// 30 letters and digits without 0, 1, I, L, O and U.
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// 30⁸ ≈ 6.6 × 10¹¹ numbers a year; the table's unique index catches the one that repeats.
    static func random(year: Int) -> String {
        func four() -> String { String((0..<4).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }) }
        return "P-\(year)-\(four())-\(four())"
    }

    /// What people type: any case, with or without dashes and blanks. nil when it cannot be an account number.
    static func normalised(_ text: String) -> String? {
        let bare = text.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard bare.count == 13, bare.hasPrefix("P") else { return nil }
        let body = Array(bare.dropFirst())
        return "P-\(String(body[0..<4]))-\(String(body[4..<8]))-\(String(body[8..<12]))"
    }
}
