import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import Subprocess
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// Recordings for staff: the same decision, a reason, a span, on record; exports by two persons with a watermark.
    @Suite struct PlaybackTests {
        static let gb = "44070300111327000000"

        /// Thirty seconds of a kitchen, recorded at noon yesterday.
        private func recordings(_ folder: URL) async throws {
            let day = folder.appending(path: "\(Self.gb)/2026-11-22")
            try FileManager.default.createDirectory(at: day, withIntermediateDirectories: true)
            for name in ["12-00-00.ts", "12-00-10.ts", "12-00-20.ts"] {
                let result = try await Subprocess.run(
                    .name("ffmpeg"),
                    arguments: [
                        "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
                        "color=c=gray:s=320x180:r=5:d=10", "-c:v", "libx264", "-preset", "ultrafast", "-f", "mpegts",
                        day.appending(path: name).path,
                    ], output: .discarded, error: .string(limit: 4096))
                try #require(result.terminationStatus.isSuccess)
            }
        }

        /// The same as MediaMTX records it: fragmented MP4, one file a minute.
        @Test func whatMediaMTXRecordedIsSeenAndExportedToo() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "bk-mp4-\(UUID().uuidString)")
            let day = folder.appending(path: "\(Self.gb)/2026-11-22")
            try FileManager.default.createDirectory(at: day, withIntermediateDirectories: true)
            for name in ["12-00-00-120000.mp4", "12-01-01-000000.mp4", "13-30-00-000000.mp4"] {
                let result = try await Subprocess.run(
                    .name("ffmpeg"),
                    arguments: [
                        "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
                        "color=c=gray:s=320x180:r=5:d=60", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10",
                        "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", day.appending(path: name).path,
                    ], output: .discarded, error: .string(limit: 4096))
                try #require(result.terminationStatus.isSuccess)
            }
            try await Story.run(
                environment: [
                    "VIDEO_RECORD_DIR": folder.path, "EXPORTS_DIR": folder.appending(path: "exports").path,
                ]
            ) { story in
                let client = story.client
                let stretches = try await client.get(
                    "/parent/v1/recordings/\(Story.camera)?day=2026-11-22", as: TestPersons.station)
                #expect(stretches.text.contains("12:00:00") && stretches.text.contains("13:30:00"), "\(stretches.text)")
                let begun = try await client.submit("/parent/playback", as: TestPersons.station, Self.form)
                let page = try await client.page(try #require(begun.headers[.location]), as: TestPersons.station)
                let playlist = String(
                    try #require(page.text.firstMatch(of: #/\/video\/recorded\/[0-9a-f-]{36}\/camera-1\/index\.m3u8/#))
                        .0)
                let list = try await client.page(playlist, as: TestPersons.station).text
                #expect(list.contains("#EXTINF:61.0,\n12-00-00.ts") && list.contains("12-01-01.ts"))
                #expect(!list.contains("13-30-00"))
                let segment = try await client.page(
                    playlist.dropLast("index.m3u8".count) + "12-01-01.ts", as: TestPersons.station)
                // A transport stream is packets of 188 bytes that begin with 0x47.
                let bytes = Array(segment.body.readableBytesView)
                #expect(segment.status == .ok && bytes.count > 188 * 10 && bytes.count % 188 == 0)
                #expect(stride(from: 0, to: bytes.count, by: 188).allSatisfy { bytes[$0] == 0x47 })
                let missing = try await client.page(
                    playlist.dropLast("index.m3u8".count) + "12-02-30.ts", as: TestPersons.station)
                #expect(missing.status == .notFound)
                let proposed = try await client.submit(
                    "/parent/playback/exports", as: TestPersons.principal, Self.form)
                try #require(proposed.status == .seeOther, "\(proposed.text)")
                let approvals = try await client.page("/parent/approvals", as: TestPersons.safetyLead).text
                let digest = String(try #require(approvals.firstMatch(of: #/[0-9a-f]{64}/#)).0)
                let id = String(try #require(approvals.firstMatch(of: #/approval-([0-9a-f-]{36})/#)).1)
                _ = try await client.submit(
                    "/parent/approvals/\(id)", as: TestPersons.safetyLead,
                    [("decision", "approve"), ("content_sha256", digest)])
                #expect(try await story.service.exports.makeNext())
                #expect(try await client.page("/parent/exports", as: TestPersons.principal).text.contains("可下载"))
            }
            try FileManager.default.removeItem(at: folder)
        }

        private func run(_ body: @escaping @Sendable (Story) async throws -> Void) async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "bk-rec-\(UUID().uuidString)")
            try await recordings(folder)
            try await Story.run(
                environment: [
                    "VIDEO_RECORD_DIR": folder.path, "EXPORTS_DIR": folder.appending(path: "exports").path,
                ]
            ) { story in try await body(story) }
            try FileManager.default.removeItem(at: folder)
        }

        private static let form: [(String, String)] = [
            ("camera", Story.camera), ("day", "2026-11-22"), ("from", "12:00"), ("to", "12:05"),
            ("reason", "complaint"), ("reference", "complaint-7"), ("purpose", "核查投诉"),
        ]

        @Test func aRecordingIsSeenWithAReasonAndOnRecord() async throws {
            try await run { story in
                let client = story.client
                let noReason = Self.form.filter { $0.0 != "reason" }
                #expect(
                    try await client.submit("/parent/playback", as: TestPersons.station, noReason).status
                        == .unprocessableContent)
                #expect(
                    try await client.submit("/parent/playback", as: TestPersons.otherStation, Self.form).status
                        == .notFound)
                for person in [TestPersons.education, TestPersons.platformOperator, TestPersons.auditor] {
                    #expect(
                        try await client.submit("/parent/playback", as: person, Self.form).status == .forbidden)
                }
                let begun = try await client.submit("/parent/playback", as: TestPersons.station, Self.form)
                try #require(begun.status == .seeOther, "\(begun.text)")
                let page = try await client.page(try #require(begun.headers[.location]), as: TestPersons.station)
                let playlist = String(
                    try #require(page.text.firstMatch(of: #/\/video\/recorded\/[0-9a-f-]{36}\/camera-1\/index\.m3u8/#))
                        .0)
                let list = try await client.page(playlist, as: TestPersons.station)
                #expect(list.text.contains("12-00-20.ts") && list.text.contains("#EXT-X-ENDLIST"))
                let base = playlist.dropLast("index.m3u8".count)
                #expect(try await client.page(base + "12-00-10.ts", as: TestPersons.station).status == .ok)
                // Another person, a file outside the span, a live path with a recording's session.
                #expect(try await client.page(playlist, as: TestPersons.county).status == .forbidden)
                #expect(try await client.page(base + "13-00-00.ts", as: TestPersons.station).status == .forbidden)
                #expect(try await client.page(base + "..%2f12-00-00.ts", as: TestPersons.station).status != .ok)
                let live = playlist.replacing("/video/recorded/", with: "/video/live/")
                let bearer = try await client.tokens.token(TestPersons.station, now: client.clock.now())
                #expect(try await story.authorize(live, bearer: bearer).refusal == "path_not_allowed")
                let entry = try #require(try await story.journal("playback.started").first)
                #expect(entry.contains("\"reason\":\"complaint\"") && entry.contains("complaint-7"))
                // A recording is no proof of a visit: nothing is published about it.
                #expect(try await story.journal("view.started").isEmpty)
            }
        }

        @Test func anExportTakesTwoPersonsAndCarriesItsNumber() async throws {
            try await run { story in
                let client = story.client
                let proposed = try await client.submit(
                    "/parent/playback/exports", as: TestPersons.principal, Self.form)
                try #require(proposed.status == .seeOther, "\(proposed.text)")
                let page = try await client.page("/parent/approvals", as: TestPersons.safetyLead)
                let digest = String(try #require(page.text.firstMatch(of: #/[0-9a-f]{64}/#)).0)
                let id = String(try #require(page.text.firstMatch(of: #/approval-([0-9a-f-]{36})/#)).1)
                let decision = [("decision", "approve"), ("content_sha256", digest)]
                _ = try await client.submit("/parent/approvals/\(id)", as: TestPersons.principal, decision)
                #expect(try await !story.service.exports.makeNext())
                let agreed = try await client.submit(
                    "/parent/approvals/\(id)", as: TestPersons.safetyLead, decision)
                try #require(agreed.status == .seeOther, "\(agreed.text)")
                #expect(try await story.service.exports.makeNext())
                let mine = try await client.page("/parent/exports", as: TestPersons.principal)
                #expect(mine.text.contains("WM-20261123-0001") && mine.text.contains("可下载"), "\(mine.text)")
                let path = "/parent/exports/WM-20261123-0001/file"
                #expect(try await client.page(path, as: TestPersons.safetyLead).status == .notFound)
                for _ in 0..<3 { #expect(try await client.page(path, as: TestPersons.principal).status == .ok) }
                #expect(try await client.page(path, as: TestPersons.principal).status == .gone)
                #expect(try await story.journal("export.downloaded").count == 3)
                try await story.service.exports.dispose()
                #expect(try await story.journal("export.disposed").count == 1)
            }
        }

        /// 390 px on a slow network: everything but the video is under 100 kB, uncompressed.
        @Test func theRepresentativesPageIsLight() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let cookies = [CookieName.parent: cookie]
                let page = try await story.client.page("/parent/?camera=\(Story.camera)", cookies: cookies)
                try #require(page.status == .ok)
                var bytes = page.body.readableBytes
                let paths = Set(
                    page.text.matches(of: #/"(\/parent\/assets\/[^"]+|\/parent\/manifest[^"]+)"/#).map { $0.1 })
                #expect(paths.count >= 6)
                for path in paths {
                    let asset = try await story.client.get(String(path))
                    #expect(asset.status == .ok, "\(path)")
                    bytes += asset.body.readableBytes
                }
                bytes += try await story.client.get("/parent/sw.js").body.readableBytes
                #expect(bytes < 100_000, "\(bytes) bytes")
            }
        }
    }
}
