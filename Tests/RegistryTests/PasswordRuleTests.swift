import Testing

@testable import RegistryService

struct PasswordRuleTests {
    @Test func passwordsOfPeople() {
        #expect(PasswordRule.fault("short", login: "x.y") != nil)
        #expect(PasswordRule.fault("aaaaaaaaaaaaaaa", login: "x.y") != nil)
        #expect(PasswordRule.fault("my-heshan.msa-word", login: "heshan.msa") != nil)
        #expect(PasswordRule.fault("correct horse battery", login: "heshan.msa") == nil)
        #expect(PasswordRule.fault(InitialPasswords.random(), login: "heshan.msa") == nil)
    }
}
