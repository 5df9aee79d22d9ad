import Access
import Calendar
import Concurrency
import Contracts
import Foundation
import HTTPTypes
import Postgres
import Subprocess
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Evidence from a real stream that ffmpeg makes, through vault, journal and HTTP.
struct EvidenceTests {
    /// An HLS stream as the demo cameras write it: 2 s segments with program date time, 10 s long.
    private static func makeStream(_ live: URL, gbId: String) async throws {
        let folder = live.appending(path: gbId, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let result = try await Subprocess.run(
            .name("ffmpeg"),
            arguments: [
                "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-t", "10",
                "-c:v",
                "libx264", "-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p", "-f", "hls", "-hls_time", "2",
                "-hls_list_size", "6", "-hls_flags", "program_date_time", "-hls_segment_filename",
                folder.appending(path: "seg-%06d.ts").path, folder.appending(path: "index.m3u8").path,
            ], output: .discarded, error: .string(limit: 10_000))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    private static func withStream(
        _ body: @Sendable @escaping (PatrolWorld, PatrolID) async throws -> Void
    ) async throws {
        let live = FileManager.default.temporaryDirectory.appending(path: "patrol-live-\(UUID().uuidString)")
        try await makeStream(live, gbId: PatrolWorld.gbId(1))
        // The stream is of the real present, so the service's clock is too.
        try await PatrolWorld.run(environment: ["VIDEO_LIVE_DIR": live.path], now: SystemClock().now()) { world in
            try await body(world, try await world.open([1, 2], as: TestPersons.station))
        }
        try FileManager.default.removeItem(at: live)
    }

    private struct Capture: Encodable {
        var cameraId: CameraID
        var kind: EvidenceKind
    }

    @Test func stillAndClipAreTakenFromTheStream() async throws {
        try await Self.withStream { world, patrol in
            let path = "/patrol/api/v1/patrols/\(patrol)/evidence"
            let camera = world.cameraId(1)
            let still = try await world.client.post(
                path, as: TestPersons.station, json: Capture(cameraId: camera, kind: .still))
            #expect(still.status == .created, "\(still.text)")
            let clip = try await world.client.post(
                path, as: TestPersons.station, json: Capture(cameraId: camera, kind: .clip))
            #expect(clip.status == .created, "\(clip.text)")
            let views = [try still.json(EvidenceView.self), try clip.json(EvidenceView.self)]
            #expect(views.map(\.mediaType) == ["image/jpeg", "video/mp4"])
            for view in views {
                let cameraTime = try #require(view.cameraTime)
                // The stream was made faster than real time, so its clock may run ahead; it is near the server's.
                #expect(abs((view.serverTime - cameraTime).microseconds) < 30_000_000)
                #expect(view.offsetMilliseconds == Int((view.serverTime - cameraTime).microseconds / 1000))
                let file = try await world.client.get(view.file, as: TestPersons.station)
                #expect(file.status == .ok && file.headers[.cacheControl] == "private, no-store")
                #expect(EvidenceVault.hexDigest(Data(file.body.readableBytesView)) == view.hash)
                let stored = try world.evidenceFile(view.hash)
                let mode = try FileManager.default.attributesOfItem(atPath: stored.path)[.posixPermissions] as? Int
                #expect((mode ?? 0o777) & 0o222 == 0, "originals are read-only")
            }
            let part = try await world.client.get(
                views[1].file, as: TestPersons.station, headers: [.range: "bytes=0-99"])
            #expect(part.status == .partialContent && part.body.readableBytes == 100)
            #expect(
                try await world.events("brightkitchen.patrol.evidence.viewed.v1").count == 3, "each look is journalled")
            #expect(try await world.events("brightkitchen.patrol.evidence.captured.v1").count == 2)
            // Before the notice the school sees nothing; other areas never.
            for person in [
                TestPersons.principal, TestPersons.otherStation, TestPersons.otherCounty, TestPersons.education,
            ] {
                #expect(try await world.client.get(views[0].file, as: person).status == .notFound, "\(person.role)")
            }
        }
    }

    @Test func evidenceOfANotifiedProblemIsSeenByItsSchoolOnly() async throws {
        try await Self.withStream { world, patrol in
            let person = TestPersons.station
            let caller = world.caller(person)
            let evidence = try await world.service.desk.takeEvidence(
                .still, camera: world.cameraId(1), patrol: patrol, by: caller)
            try await world.service.desk.record(evidence, patrol: patrol, by: caller)
            let violation = ItemFinding(
                code: "Z3-07", result: .violation, note: "菜筐放地上", evidenceIds: [evidence.evidenceId])
            try await world.visit(1, in: patrol, as: person, [violation])
            try await world.visit(2, in: patrol, as: person)
            let closed = try await world.service.desk.close(patrol, by: caller)
            let file = PatrolPaths.evidence(evidence.evidenceId)
            #expect(try await world.client.get(file, as: TestPersons.principal).status == .ok)
            #expect(try await world.client.get(file, as: TestPersons.otherPrincipal).status == .notFound)
            #expect(try await world.client.get(file, as: TestPersons.platformOperator).status == .forbidden)
            #expect(try await world.events(EvidenceSealed.type).count == 1, "told when the patrol is closed")
            let problem = try #require(closed.problemIds.first)
            let view = try await world.client.get(
                "/patrol/api/v1/problems/\(problem)", as: TestPersons.principal
            ).json(ProblemView.self)
            #expect(view.evidence.map(\.hash) == [evidence.hash])
        }
    }

    /// Scenario 10, and one byte of an original.
    @Test func alteredFileIsNamed() async throws {
        try await Self.withStream { world, patrol in
            let caller = world.caller(TestPersons.station)
            let desk = world.service.desk
            let evidence = try await desk.takeEvidence(.still, camera: world.cameraId(1), patrol: patrol, by: caller)
            try await desk.record(evidence, patrol: patrol, by: caller)
            let verifier = EvidenceVerifier(pool: world.client.pool, vault: desk.vault, clock: world.client.clock)
            #expect(try await verifier.verify().failures.isEmpty)
            let url = try world.evidenceFile(evidence.hash)
            var bytes = try Data(contentsOf: url)
            bytes[bytes.startIndex + 100] ^= 1
            try FileManager.default.removeItem(at: url)
            try bytes.write(to: url)
            let report = try await verifier.verify()
            #expect(report.files == 1 && report.failures.map(\.id) == [evidence.evidenceId.rawValue])
            let answer = try await world.client.get(PatrolPaths.evidence(evidence.evidenceId), as: TestPersons.station)
            #expect(answer.status == .serviceUnavailable && answer.problemCode == "evidence_altered")
        }
    }

    @Test func noSignalIsAClearRefusal() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            let answer = try await world.client.post(
                "/patrol/api/v1/patrols/\(patrol)/evidence", as: TestPersons.station,
                json: Capture(cameraId: world.cameraId(1), kind: .still))
            #expect(answer.status == .serviceUnavailable && answer.problemCode == "no_signal")
            let foreign = try await world.client.post(
                "/patrol/api/v1/patrols/\(patrol)/evidence", as: TestPersons.station,
                json: Capture(cameraId: world.cameraId(2), kind: .still))
            #expect(foreign.status == .unprocessableContent && foreign.problemCode == "camera_not_in_patrol")
        }
    }

    @Test func photographsAreCleanedAndAttached() async throws {
        try await PatrolWorld.run { world in
            let person = TestPersons.station
            let patrol = try await world.open([1, 2], as: person)
            let violation = ItemFinding(code: "Z3-07", result: .violation, note: "x", noEvidenceReason: "y")
            try await world.visit(1, in: patrol, as: person, [violation])
            try await world.visit(2, in: patrol, as: person)
            let closed = try await world.service.desk.close(patrol, by: world.caller(person))
            let problem = try #require(closed.problemIds.first)
            let path = "/patrol/problems/\(problem)/rectification"
            let photograph = try await Self.photograph()
            let wrong = try await world.client.upload(
                path, as: TestPersons.principal, [("measure", "m"), ("prevention", "p"), ("cause", "c")],
                files: [("photos", "a.jpg", "image/jpeg", Array("not a picture".utf8))])
            #expect(wrong.status == .unprocessableContent)
            let damaged = try await world.client.upload(
                "/patrol/api/v1/problems/\(problem)/photographs", as: TestPersons.principal,
                [("sha256", String(repeating: "0", count: 64))], files: [("photos", "a.png", "image/png", photograph)])
            #expect(damaged.status == .unprocessableContent)
            let right = try await world.client.upload(
                path, as: TestPersons.principal, [("measure", "已上架"), ("prevention", "每日检查"), ("cause", "疏忽")],
                files: [("photos", "a.png", "image/png", photograph)])
            #expect(right.status == .seeOther, "\(right.text)")
            let view = try await world.client.get(
                "/patrol/api/v1/problems/\(problem)", as: person
            ).json(ProblemView.self)
            #expect(view.state == .submitted && view.rectificationEvidence.count == 1)
            let evidence = try #require(view.rectificationEvidence.first)
            let file = try await world.client.get(evidence.file, as: person)
            #expect(file.status == .ok && Array(file.body.readableBytesView.prefix(3)) == [0xff, 0xd8, 0xff])
            #expect(!file.text.contains("secret-place"), "metadata of the phone is gone")
        }
    }

    /// A PNG with a comment that must not survive.
    private static func photograph() async throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "photo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "p.png")
        let result = try await Subprocess.run(
            .name("ffmpeg"),
            arguments: [
                "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=640x360", "-frames:v", "1",
                "-metadata",
                "comment=secret-place", file.path,
            ], output: .discarded, error: .string(limit: 10_000))
        #expect(result.terminationStatus.isSuccess)
        let bytes = [UInt8](try Data(contentsOf: file))
        try FileManager.default.removeItem(at: folder)
        return bytes
    }
}
