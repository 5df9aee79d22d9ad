import TestSupport
import Testing

@testable import ParentAccessService

/// Tickets and video paths as a stranger would try them.
struct ParserFuzzTests {
    @Test func onlyOneSpellingOfAPathLeadsToAVideo() {
        let session = "0192f0c1-7a3b-7def-8123-456789abcdef"
        var paths = ByteMutation(
            ["/video/live/\(session)/camera-1/index.m3u8", "/video/live/\(session)/camera-1/seg-000001.ts"],
            dictionary: ["/", "..", "%2e", "?", "#", "//", "seg-", ".ts", "INDEX.M3U8"])
        let accepted = paths.count { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let path = VideoPath(originalURI: text) else { return false }
            #expect(!text.contains("..") && !text.contains("%") && !text.contains("?") && !text.contains("//"))
            #expect(text.hasPrefix("/video/live/\(path.sessionId)/\(path.cameraId)/"))
            return true
        }
        #expect(accepted > 0 && accepted < ByteMutation.rounds)
    }

    @Test func tokensAreBase64URLOrNothing() {
        let token = SecretToken.random().text
        var tokens = ByteMutation([token], dictionary: ["=", "+", "/", "%3D"])
        _ = tokens.count { bytes in
            guard let received = SecretToken(received: String(decoding: bytes, as: UTF8.self)) else { return false }
            #expect(received.text.utf8.count == 43 && received.hash.count == 32)
            return true
        }
    }
}
