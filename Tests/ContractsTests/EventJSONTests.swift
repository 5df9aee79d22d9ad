import Calendar
import Contracts
import Foundation
import Testing

struct EventJSONTests {
    private struct Sample: Codable, Equatable {
        var playlistUrl: String
        var cameraIds: [CameraID]
        var seenAt: Instant
        var validTo: LocalDate?
        var note: String?
    }

    private func sample() throws -> Sample {
        Sample(
            playlistUrl: "https://x/y", cameraIds: [CameraID("b"), CameraID("a")],
            seenAt: try #require(Instant(rfc3339: "2026-11-23T23:59:59.000001+08:00")),
            validTo: LocalDate(year: 2026, month: 12, day: 31), note: nil)
    }

    @Test func writesSortedSnakeCaseWithoutWhiteSpaceOrNulls() throws {
        #expect(
            String(decoding: try EventJSON.encode(sample()), as: UTF8.self)
                == #"{"camera_ids":["b","a"],"playlist_url":"https://x/y","seen_at":"2026-11-23T23:59:59.000001+08:00","#
                + #""valid_to":"2026-12-31"}"#)
    }

    @Test func theSameValueGivesTheSameBytes() throws {
        let first = try EventJSON.encode(sample())
        for _ in 0..<100 { #expect(try EventJSON.encode(sample()) == first) }
    }

    @Test func readsWhatItWrote() throws {
        #expect(try EventJSON.decode(Sample.self, from: EventJSON.encode(sample())) == sample())
    }

    @Test func aTimeInUTCIsTheSameInstant() throws {
        let bytes = Array(#"{"camera_ids":[],"playlist_url":"","seen_at":"2026-11-23T15:59:59.000001Z"}"#.utf8)
        #expect(try EventJSON.decode(Sample.self, from: bytes).seenAt == sample().seenAt)
    }

    @Test(
        arguments: [
            "2026-11-23T15:59:59", "2026-11-23 15:59:59Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "", "now",
        ])
    func aTimeWithoutOffsetOrOffTheCalendarIsRefused(time: String) {
        let bytes = Array(#"{"camera_ids":[],"playlist_url":"","seen_at":"\#(time)"}"#.utf8)
        #expect(throws: DecodingError.self) { try EventJSON.decode(Sample.self, from: bytes) }
    }

    @Test(arguments: [
        "", "{", "null", "[]", "\u{FEFF}", "{\"camera_ids\":\"x\"}", String(repeating: "[", count: 100_000),
    ])
    func otherBytesAreAnErrorNotACrash(text: String) {
        #expect(throws: (any Error).self) { try EventJSON.decode(Sample.self, from: Array(text.utf8)) }
    }

    @Test func anUnknownEnumerationValueIsAnError() {
        let bytes = Array(#"{"category":"D10"}"#.utf8)
        #expect(throws: DecodingError.self) {
            try EventJSON.decode([String: DisclosureCategory].self, from: bytes)
        }
    }
}
