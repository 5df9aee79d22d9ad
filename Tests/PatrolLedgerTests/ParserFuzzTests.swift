import TestSupport
import Testing

@testable import PatrolLedgerService

struct ParserFuzzTests {
    @Test func rangesLieWithinTheFile() {
        var headers = ByteMutation(["bytes=0-99", "bytes=5-", "bytes=-5"], dictionary: ["-", "bytes=", ",", "0"])
        for length in [0, 1, 100, Int.max] {
            let accepted = headers.count { bytes in
                guard let range = ByteRange(String(decoding: bytes, as: UTF8.self), length: length) else {
                    return false
                }
                #expect(range.first >= 0 && range.first <= range.last && range.last < length)
                return true
            }
            #expect(length != 0 || accepted == 0)
        }
    }
}
