import Calendar
import Concurrency
import Delivery
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import RegistryService

/// What is asked of video platforms, and what their answers are taken for.
struct VideoSourceTests {
    private static let now = Instant(microseconds: 1_795_395_600_000_000)
    private static let day = LocalDate(now)
    private static let gbId = "44078400111327000001"

    // MARK: MediaMTX

    /// A server that answers as MediaMTX's `api/openapi.yaml` and `api/playback/openapi.yaml` document.
    private func withMediaMTX(
        _ body: @escaping @Sendable (MediaMTX) async throws -> Void
    ) async throws {
        let router = Router()
        @Sendable func isAllowed(_ request: Request) -> Bool {
            request.headers[.authorization] == "Basic " + Data("bright:kitchen".utf8).base64EncodedString()
        }
        @Sendable func json(_ text: String) -> Response {
            Response(
                status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: .init(string: text)))
        }
        router.get("/v3/paths/list") { request, _ in
            guard isAllowed(request) else { return Response(status: .unauthorized) }
            let page = request.uri.queryParameters["page"].map(String.init) ?? "0"
            let item = { (name: String, fact: String) in
                #"{"name":"\#(name)","confName":"all","source":null,\#(fact),"tracks":["H264"],"bytesReceived":1,"readers":[]}"#
            }
            let items =
                page == "0"
                ? [item("cam/\(Self.gbId)", #""ready":true,"readyTime":"2026-11-23T00:00:00.123456789Z""#)]
                : [
                    item("cam/44078400111327000002", #""ready":false,"readyTime":null"#),
                    item("cam/44078400111327000003", #""available":true,"online":true"#),
                    item("other", #""ready":true"#),
                ]
            return json(#"{"itemCount":4,"pageCount":2,"items":[\#(items.joined(separator: ","))]}"#)
        }
        router.get("/list") { request, _ in
            guard isAllowed(request) else { return Response(status: .unauthorized) }
            switch request.uri.queryParameters["path"].map(String.init) {
            case "cam/\(Self.gbId)":
                return json(
                    """
                    [{"start":"2026-11-08T00:00:00+08:00","duration":3600,"url":"x"},
                     {"start":"2026-11-22T23:30:00.000000000+08:00","duration":5400.5},
                     {"start":"2026-11-23T03:00:00.123456789Z","duration":1.25}]
                    """)
            case "cam/44078400111327000002": return Response(status: .notFound)
            case "cam/44078400111327000004": return json(#"[{"start":"yesterday","duration":1}]"#)
            case "cam/44078400111327000005": return Response(status: .internalServerError)
            default: return Response(status: .badRequest)
            }
        }
        let app = Application(router: router, logger: .quiet("mediamtx"))
        try await app.test(.live) { client in
            let port = try #require(client.port)
            let http = try HTTPClient(.internalCalls, logger: .quiet("http"))
            try await body(
                MediaMTX(
                    control: "http://127.0.0.1:\(port)", playback: "http://127.0.0.1:\(port)",
                    pathTemplate: "cam/{gb_id}", credentials: "bright:kitchen", http: http,
                    clock: FixedClock(Self.now)))
            http.close()
        }
    }

    @Test func pathsOfAllPagesTellWhoDelivers() async throws {
        try await withMediaMTX { source in
            let ids = (1...4).map { "4407840011132700000\($0)" }
            let status = try await source.status(of: ids)
            #expect(status.mapValues(\.signal) == [ids[0]: .ok, ids[1]: .lost, ids[2]: .ok])
        }
    }

    @Test func recordingsAreCutToTheDayAndTheOldestIsKnown() async throws {
        try await withMediaMTX { source in
            let found = try #require(try await source.recordingSegments(of: Self.gbId, on: Self.day))
            let midnight = Self.day.start.microseconds / 1_000
            let second = midnight + 11 * 3_600_000 + 123
            #expect(
                found.spans.spans == [
                    .init(from: midnight, to: midnight + 3_600_500), .init(from: second, to: second + 1_250),
                ])
            #expect(found.oldest?.rfc3339 == "2026-11-08T00:00:00.000000+08:00")
            let none = try await source.recordingSegments(of: "44078400111327000002", on: Self.day)
            #expect(none == VideoRecordings(spans: RecordedSpans(), oldest: nil), "known, and nothing recorded")
            let unknown = try await source.recordingSegments(of: "44078400111327000009", on: Self.day)
            #expect(unknown == nil)
        }
    }

    @Test func anAnswerThatIsNotDocumentedIsAFailureAndNotAnEmptyDay() async throws {
        try await withMediaMTX { source in
            for id in ["44078400111327000004", "44078400111327000005"] {
                await #expect(throws: VideoSourceFailure.self) {
                    try await source.recordingSegments(of: id, on: Self.day)
                }
            }
        }
    }

    // MARK: Folders of HLS

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bk-hls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func write(_ text: String, _ file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test func aSegmentCountsWhenItsFileIsThere() async throws {
        let folder = try folder()
        let camera = folder.appendingPathComponent(Self.gbId)
        try write(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-PROGRAM-DATE-TIME:2026-11-22T23:59:55.000+0800
            #EXTINF:10.000000,
            2026-11-22/23-59-55.ts
            #EXTINF:10.000000,
            2026-11-23/00-00-05.ts
            #EXTINF:10.000000,
            2026-11-23/00-00-15.ts
            #EXT-X-DISCONTINUITY
            #EXT-X-PROGRAM-DATE-TIME:2026-11-23T08:00:00.250+0800
            #EXTINF:9.500000,
            2026-11-23/08-00-00.ts
            #EXTINF:10.000000,
            #EXT-X-PROGRAM-DATE-TIME:2026-11-23T08:00:10.000+0800
            /somewhere/else/2026-11-23/08-00-10.ts
            #EXTINF:10.000000,
            ../../../etc/passwd
            #EXT-X-DISCONTINUITY
            #EXTINF:10.000000,
            2026-11-23/08-00-30.ts
            """, camera.appendingPathComponent("index.m3u8"))
        for name in [
            "2026-11-22/23-59-55.ts", "2026-11-23/00-00-05.ts", "2026-11-23/08-00-00.ts", "2026-11-23/08-00-10.ts",
            "2026-11-23/08-00-30.ts",
        ] { try write("x", camera.appendingPathComponent(name)) }
        try write("", camera.appendingPathComponent("2026-11-23/00-00-15.ts"))
        let source = HLSDirectory(live: folder.path, recordings: folder.path, clock: FixedClock(Self.now))
        let found = try #require(try await source.recordingSegments(of: Self.gbId, on: Self.day))
        let midnight = Self.day.start.microseconds / 1_000
        let eight = midnight + 8 * 3_600_000
        // The file of 00:00:15 is empty, and after the last discontinuity nobody knows the time.
        #expect(
            found.spans.spans == [
                .init(from: midnight, to: midnight + 15_000), .init(from: eight + 250, to: eight + 20_000),
            ])
        #expect(found.oldest?.rfc3339 == "2026-11-22T23:59:55.000000+08:00")
        #expect(try await source.recordingSegments(of: "44078400111327000002", on: Self.day) == nil)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aPlaylistThatStandsStillIsLost() async throws {
        let folder = try folder()
        let playlist = folder.appendingPathComponent("\(Self.gbId)/index.m3u8")
        try write("#EXTM3U\n#EXTINF:2,\nseg-1.ts\n", playlist)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("44078400111327000002"), withIntermediateDirectories: true)
        func signals(_ clock: any WallClock) async throws -> [String: ReportedSignal] {
            let source = HLSDirectory(live: folder.path, recordings: folder.path, clock: clock)
            let ids = [Self.gbId, "44078400111327000002", "44078400111327000003"]
            return try await source.status(of: ids).mapValues(\.signal)
        }
        let lost = "44078400111327000002"
        #expect(try await signals(SystemClock()) == [Self.gbId: .ok, lost: .lost])
        let later = FixedClock(SystemClock().now() + .seconds(20))
        #expect(try await signals(later) == [Self.gbId: .lost, lost: .lost])
        try FileManager.default.removeItem(at: folder)
    }
}
