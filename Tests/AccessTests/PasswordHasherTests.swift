import Testing

@testable import Access

/// Passwords as they are stored and compared.
@Suite struct PasswordHasherTests {
    private let hasher = PasswordHasher(parameters: .quick)

    @Test(arguments: ["correct horse battery", "中文口令 with spaces"])
    func theRightPasswordAndNoOther(_ password: String) async throws {
        let stored = try await hasher.hash(password)
        #expect(try await hasher.verify(password, against: stored))
        #expect(try await hasher.verify(password + "z", against: stored) == false)
        #expect(try await hasher.verify("", against: stored) == false)
        #expect(try await hasher.verify("anything", against: nil) == false)
    }

    @Test func everyHashHasItsOwnSalt() async throws {
        let first = try await hasher.hash("same")
        let second = try await hasher.hash("same")
        #expect(first.salt != second.salt)
        #expect(first.hash != second.hash)
        #expect(first.salt.count == 16 && first.hash.count == 32)
    }

    /// Composed and decomposed characters are one password.
    @Test func normalisesText() async throws {
        let stored = try await hasher.hash("caf\u{e9}-passwort")
        #expect(try await hasher.verify("cafe\u{301}-passwort", against: stored))
    }

    /// RFC 7914 §12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), first 32 bytes. The hash was made at another
    /// cost than new ones are.
    @Test func isScryptWithTheParametersOfTheStoredHash() async throws {
        let expected: [UInt8] = [
            0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd, 0x38, 0xeb,
            0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d, 0xa1, 0xf2,
        ]
        let stored = PasswordHash(
            parameters: ScryptParameters(n: 16384, r: 8, p: 1), salt: Array("SodiumChloride".utf8), hash: expected)
        #expect(try await hasher.verify("pleaseletmein", against: stored))
    }

    @Test func theStandardCostWorks() async throws {
        let hasher = PasswordHasher()
        let stored = try await hasher.hash("correct horse battery")
        #expect(stored.parameters == .standard)
        #expect(try await hasher.verify("correct horse battery", against: stored))
    }

    @Test func newPasswordsHave12To200Characters() {
        #expect(!PasswordHash.hasAcceptableLength(String(repeating: "a", count: 11)))
        #expect(PasswordHash.hasAcceptableLength(String(repeating: "密", count: 12)))
        #expect(PasswordHash.hasAcceptableLength(String(repeating: "密", count: 200)))
        #expect(!PasswordHash.hasAcceptableLength(String(repeating: "a", count: 201)))
        let towers = String(repeating: "e" + String(repeating: "\u{301}", count: 500), count: 12)
        #expect(towers.count == 12 && !PasswordHash.hasAcceptableLength(towers))
    }

    /// Nor does one that was cut to nothing pass for the empty password.
    @Test func overlongGuessesAreWrong() async throws {
        let guess = String(repeating: "a", count: 8193)
        #expect(try await hasher.verify(guess, against: try await hasher.hash(guess)) == false)
        #expect(try await hasher.verify(guess, against: try await hasher.hash("")) == false)
    }

    @Test func aFullQueueTurnsAway() async throws {
        let full = PasswordHasher(parameters: .quick, maximumWaiting: 0)
        await #expect(throws: PasswordHasher.Overloaded.self) { try await full.hash("correct horse battery") }
        await #expect(throws: PasswordHasher.Overloaded.self) { try await full.verify("anything", against: nil) }
    }

    @Test func waitingGuessesAreLimited() {
        let count = WaitingCount(limit: 2)
        #expect(count.enter())
        #expect(count.enter())
        #expect(!count.enter())
        count.leave()
        #expect(count.enter())
    }
}
