import Foundation

/// The 30,000 passwords that leaks hold most often (`Data/common-passwords.txt`; origin and licence in its README).
struct CommonPasswords: Sendable {
    private let passwords: Set<String>

    static let shared: Result<CommonPasswords, any Error> = Result { try CommonPasswords() }

    private struct Missing: Error {}

    private init() throws {
        guard let url = Bundle.module.url(forResource: "common-passwords", withExtension: "txt", subdirectory: "Data")
        else { throw Missing() }
        let text = try String(contentsOf: url, encoding: .utf8)
        passwords = Set(text.split(separator: "\n").map(String.init))
    }

    /// True for a common password, also with digits and signs around it, with usual replacements (`p@ssw0rd2026!`), or
    /// repeated.
    func contains(_ password: String) -> Bool {
        let lowered = password.lowercased()
        if passwords.contains(lowered) { return true }
        let plain = String(lowered.map { Self.replacements[$0] ?? $0 })
        return [lowered, plain].contains { text in
            let core = Self.core(text)
            return core.count >= 4 && (passwords.contains(core) || passwords.contains(Self.unit(core)))
        }
    }

    private static let replacements: [Character: Character] = [
        "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t",
    ]

    /// Without what is not a letter at both ends.
    private static func core(_ text: String) -> String {
        var view = text[...]
        while let first = view.first, !first.isLetter { view = view.dropFirst() }
        while let last = view.last, !last.isLetter { view = view.dropLast() }
        return String(view)
    }

    /// `dragon` of `dragondragon`.
    private static func unit(_ text: String) -> String {
        let letters = Array(text)
        for length in stride(from: 4, through: letters.count / 2, by: 1) where letters.count % length == 0 {
            let isRepeated = letters.indices.allSatisfy { letters[$0] == letters[$0 % length] }
            if isRepeated { return String(letters[..<length]) }
        }
        return text
    }
}
