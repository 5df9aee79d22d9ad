import Testing

@testable import RegistryService

struct PasswordHasherTests {
    @Test func theRightPasswordAndNoOther() async throws {
        let hasher = RegistryTest.quickHasher
        let stored = try await hasher.hash("correct horse battery")
        #expect(try await hasher.verify("correct horse battery", against: stored))
        #expect(try await hasher.verify("correct horse batterz", against: stored) == false)
        #expect(try await hasher.verify("", against: stored) == false)
        #expect(try await hasher.verify("anything", against: nil) == false)
    }

    @Test func everyHashHasItsOwnSalt() async throws {
        let hasher = RegistryTest.quickHasher
        let first = try await hasher.hash("same")
        let second = try await hasher.hash("same")
        #expect(first.salt != second.salt)
        #expect(first.hash != second.hash)
    }

    /// Composed and decomposed characters are one password.
    @Test func normalisesText() async throws {
        let hasher = RegistryTest.quickHasher
        let stored = try await hasher.hash("caf\u{e9}-passwort")
        #expect(try await hasher.verify("cafe\u{301}-passwort", against: stored))
    }

    /// RFC 7914 §12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), first 32 bytes.
    @Test func isScrypt() async throws {
        let parameters = ScryptParameters(n: 16384, r: 8, p: 1)
        let expected: [UInt8] = [
            0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd, 0x38, 0xeb,
            0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d, 0xa1, 0xf2,
        ]
        let stored = PasswordHash(parameters: parameters, salt: Array("SodiumChloride".utf8), hash: expected)
        #expect(try await PasswordHasher(parameters: parameters).verify("pleaseletmein", against: stored))
    }

    @Test func passwordsOfPeople() {
        #expect(PasswordRule.fault("short", login: "x.y") != nil)
        #expect(PasswordRule.fault("aaaaaaaaaaaaaaa", login: "x.y") != nil)
        #expect(PasswordRule.fault("my-heshan.msa-word", login: "heshan.msa") != nil)
        #expect(PasswordRule.fault("correct horse battery", login: "heshan.msa") == nil)
        #expect(PasswordRule.fault(InitialPasswords.random(), login: "heshan.msa") == nil)
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
