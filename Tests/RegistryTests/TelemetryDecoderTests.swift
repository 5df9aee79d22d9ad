import Calendar
import Foundation
import Testing

@testable import RegistryService

/// Reports are written by strangers.
struct TelemetryDecoderTests {
    private static let now: Int64 = 1_795_395_600_000_000
    private static let inbound = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/events/inbound")

    private func decode(_ text: String) throws -> TelemetryReport {
        try TelemetryDecoder().decode(Array(text.utf8), now: Self.now)
    }

    private func reason(_ text: String) -> TelemetryRefusal? {
        do {
            _ = try decode(text)
            return nil
        } catch let refused as TelemetryDecoder.Refused {
            return refused.reason
        } catch {
            return nil
        }
    }

    private func sample(_ fields: String) -> String {
        #"{"version":1,"platform":"vms-1","samples":[{"gb_id":"44078400111327000001",\#(fields)}]}"#
    }

    @Test func theDocumentedSampleIsReadWhole() throws {
        let bytes = [UInt8](try Data(contentsOf: Self.inbound.appendingPathComponent("telemetry.v1.json")))
        let report = try TelemetryDecoder().decode(bytes, now: Self.now)
        let camera = try #require(CameraKey("44078400111327000001"))
        #expect(report.platform == "vms-heshan")
        #expect(report.refused.isEmpty)
        #expect(report.samples.count == 2)
        let first = try #require(report.samples.first)
        #expect(first.camera == camera && first.signal == .ok)
        #expect(Instant(microseconds: first.at).rfc3339 == "2026-11-23T08:59:30.000000+08:00")
        #expect(first.clockOffset == 1_250_000)
        #expect(first.oldestRecording.map { Instant(microseconds: $0).rfc3339 } == "2026-11-08T00:00:00.000000+08:00")
        #expect(report.samples.last?.signal == .lost)
        #expect(report.segments.map(\.camera) == [camera])
        #expect(report.segments.first?.span.length == 3_600_000)
    }

    @Test func orderSpacesAndNewFieldsDoNotMatter() throws {
        let report = try decode(
            """
            { "added": {"a": [1, -2.5e3, true, null, "\\"}"]},
              "samples": [ {"signal" : "degraded", "x": {}, "at": "2026-11-23T01:00:00Z", "gb_id": "44078400111327000001"} ],
              "platform": "vms-1", "version": 1 }
            """)
        #expect(report.samples.map(\.signal) == [.degraded])
        #expect(report.samples.map(\.at) == [Self.now])
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"version":1}"#, #"{"version":"1","platform":"a"}"#,
        #"{"version":1,"platform":""}"#, #"{"version":1,"platform":"A B"}"#, #"{"version":1,"platform":"a"}x"#,
        #"{"version":1,"platform":"a","samples":{}}"#, #"{"version":1,"platform":"a","samples":[1]}"#,
        #"{"version":1,"platform":"a","samples":[{"gb_id":"44078400111327000001","at":"2026-11-23T01:00:00Z"}]}"#,
        #"{"version":1,"platform":"a","samples":[{"signal":"fine"}]}"#, #"{"version":1,"platform":"a\"#,
        "{\"version\":1,\"platform\":\"a\u{0}\"}", #"{"version":1.0,"platform":"a"}"#,
        #"{"version":99999999999999999999,"platform":"a"}"#,
    ])
    func whatIsNotTheContractIsUndecodable(text: String) {
        #expect(reason(text) == .undecodable)
    }

    @Test func deepNestingIsRefusedNotFollowed() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(reason(#"{"version":1,"platform":"a","x":"# + deep) == .undecodable)
    }

    @Test func sizeIsBounded() {
        let one = #"{"gb_id":"44078400111327000001","at":"2026-11-23T01:00:00Z","signal":"ok"}"#
        let many = Array(repeating: one, count: 2_001).joined(separator: ",")
        #expect(reason(#"{"version":1,"platform":"a","samples":[\#(many)]}"#) == .oversized)
        #expect(reason(#"{"version":1,"platform":"a","x":""# + String(repeating: "y", count: 262_144)) == .oversized)
        #expect(reason(#"{"version":2,"platform":"a"}"#) == .version)
    }

    @Test(arguments: [
        ("2026-11-23T09:00:00", false), ("2026-11-23T09:05:00+08:00", true), ("2026-11-23T09:05:01+08:00", false),
        ("2026-11-15T09:00:00+08:00", true), ("2026-11-15T08:59:59+08:00", false), ("2026-02-30T09:00:00+08:00", false),
        ("2026-11-23T09:00:00.+08:00", false), ("now", false), ("2026-11-23T08:59:59.123456789+08:00", true),
    ])
    func timesMustBePlausible(text: String, isTaken: Bool) throws {
        let report = try decode(sample(#""at":"\#(text)","signal":"ok""#))
        #expect(report.samples.count == (isTaken ? 1 : 0))
        #expect(report.refused == (isTaken ? [:] : [.time: 1]))
    }

    @Test func readsTimesAsTheRestOfTheProductDoes() throws {
        for text in [
            "2026-11-23T09:00:00+08:00", "2026-11-22T22:59:59.999999-01:30", "2026-11-23T01:00:00.5Z",
            "2026-11-20T00:00:00.1234567Z",
        ] {
            let report = try decode(sample(#""at":"\#(text)","signal":"ok""#))
            #expect(report.samples.first?.at == Instant(rfc3339: text)?.microseconds, "\(text)")
        }
    }

    @Test func oneBadMemberDoesNotSpoilTheOthers() throws {
        let report = try decode(
            """
            {"version":1,"platform":"a","samples":[
              {"gb_id":"4407","at":"2026-11-23T01:00:00Z","signal":"ok"},
              {"gb_id":"44078400111327000001","at":"2026-11-23T01:00:00Z","signal":"ok"}],
             "segments":[
              {"gb_id":"44078400111327000001","from":"2026-11-23T01:00:00Z","to":"2026-11-23T01:00:00Z"},
              {"gb_id":"44078400111327000001","from":"2026-11-21T01:00:00Z","to":"2026-11-22T01:00:00.001Z"},
              {"gb_id":"44078400111327000001","from":"2026-11-22T01:00:00Z","to":"2026-11-23T01:00:00Z"}]}
            """)
        #expect(report.samples.count == 1)
        #expect(report.segments.count == 1)
        #expect(report.refused == [.unknownCamera: 1, .span: 2])
    }

    @Test func platformsReportForTheirDivisionsOnly() throws {
        let platforms = try #require(TelemetryPlatforms("heshan=440784,west=440783+440785,city=4407"))
        let heshan = try #require(platforms.mayReport("heshan"))
        #expect(heshan(440_784) && !heshan(440_783))
        let west = try #require(platforms.mayReport("west"))
        #expect(west(440_783) && west(440_785) && !west(440_784))
        let city = try #require(platforms.mayReport("city"))
        #expect(city(440_703) && !city(440_601))
        #expect(platforms.mayReport("other") == nil)
        for text in ["a", "a=", "=4407", "a=44x", "a=4407+", "a=44078401"] {
            #expect(TelemetryPlatforms(text) == nil, "\(text)")
        }
    }
}
