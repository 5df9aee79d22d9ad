import Calendar
import Testing

@testable import ParentAccessService

@Suite struct AccountTests {
    @Test func secretsAreLongRandomAndStoredOnlyAsHash() throws {
        let first = SecretToken.random()
        let second = SecretToken.random()
        #expect(first.text != second.text && first.text.utf8.count == 43 && first.hash.count == 32)
        #expect(try #require(SecretToken(received: first.text)).hash == first.hash)
    }

    @Test(arguments: [
        "", "short", String(repeating: "a", count: 42), String(repeating: "a", count: 42) + "/", "' OR 1=1 --",
    ])
    func whatCannotBeASecretIsNotLookedUp(_ text: String) {
        #expect(SecretToken(received: text) == nil)
    }

    @Test func accountNumbersAreReadAsPeopleTypeThem() {
        #expect(AccountNumber.normalised(" p2026 k7qm-4xd9 ") == "P-2026-K7QM-4XD9")
        #expect(AccountNumber.normalised("P-2026-K7QM-4XD") == nil)
        let number = AccountNumber.random(year: 2026)
        #expect(AccountNumber.normalised(number) == number)
    }

    @Test func wrongPasswordsLockForLongerAndLonger() {
        let now = Instant(microseconds: 0)
        #expect(LoginLock.until(failures: 4, now: now) == nil)
        #expect(LoginLock.until(failures: 5, now: now) == now + .seconds(60))
        #expect(LoginLock.until(failures: 7, now: now) == now + .seconds(240))
        #expect(LoginLock.until(failures: 500, now: now) == now + .seconds(86_400))
    }
}
