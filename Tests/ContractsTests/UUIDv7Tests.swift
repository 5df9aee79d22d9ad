import Contracts
import Foundation
import Testing

struct UUIDv7Tests {
    @Test func hasVersionVariantAndTheTimeInMilliseconds() throws {
        let text = UUIDv7.string(at: Date(timeIntervalSince1970: 1_645_557_742))  // RFC 9562 appendix A.6
        #expect(text.hasPrefix("017f22e2-79b0-7"))
        #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(UUID(uuidString: text) != nil)
    }

    @Test func sortsByTime() {
        let texts = (0..<50).map { UUIDv7.string(at: Date(timeIntervalSince1970: 1_790_000_000 + Double($0))) }
        #expect(texts == texts.sorted())
    }

    @Test func isUniqueWithinOneMillisecond() {
        let moment = Date(timeIntervalSince1970: 1_790_000_000)
        #expect(Set((0..<20_000).map { _ in UUIDv7.string(at: moment) }).count == 20_000)
    }

    @Test func everyNewOneIsWellFormed() {
        for _ in 0..<1_000 { #expect(UUIDv7.isWellFormed(UUIDv7.string())) }
    }

    @Test(
        arguments: [
            "", "0193548a-0201-7000-8000-00000000020", "0193548a-0201-7000-8000-0000000002011",
            "0193548A-0201-7000-8000-000000000201", "0193548a_0201-7000-8000-000000000201",
            "0193548a-0201-7000-8000-00000000020g", "{193548a-0201-7000-8000-00000000020}",
            "0193548a-0201-7000-8000-00000000020\u{660}", "' OR 1=1 --0000-0000-0000-000000000000",
        ])
    func anythingElseIsNotWellFormed(text: String) { #expect(!UUIDv7.isWellFormed(text)) }
}
