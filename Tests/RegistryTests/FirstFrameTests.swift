import Access
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import Subprocess
import TestSupport
import Testing

@testable import RegistryService

/// The check of a camera's first picture, with a real stream made by ffmpeg.
struct FirstFrameTests {
    private static let gbId = "44078400111327000001"

    /// A folder with one short live stream for each of these ids.
    private func streams(_ ids: [String]) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bk-live-\(UUID().uuidString)")
        for id in ids {
            let camera = folder.appendingPathComponent(id)
            try FileManager.default.createDirectory(at: camera, withIntermediateDirectories: true)
            let result = try await Subprocess.run(
                .name("ffmpeg"),
                arguments: Arguments([
                    "-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=4",
                    "-c:v",
                    "libx264", "-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p", "-f", "hls", "-hls_time", "2",
                    "-hls_flags", "omit_endlist", camera.appendingPathComponent("index.m3u8").path,
                ]), output: .discarded, error: .string(limit: 4096))
            #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        }
        return folder.path
    }

    private struct CameraAnswer: Decodable {
        let status: String
    }

    @Test func aPersonSeesThePictureAndConfirmsIt() async throws {
        let live = try await streams([Self.gbId])
        try await RegistryTest.run(liveDirectory: live) { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let camera = try await RegistryTest.camera(gbId: Self.gbId, client)
            let list = try await client.page("/registry/cameras/review", as: county)
            #expect(list.text.contains(Self.gbId))
            let page = try await client.page("/registry/cameras/\(camera.id)", as: county)
            #expect(page.status == .ok)
            #expect(page.text.contains("SHA-256"))
            let frame = try #require(try await FirstFrameStore.waiting(camera.id, client.pool))
            #expect(page.text.contains(frame.id))
            let picture = try await client.get("/registry/cameras/\(camera.id)/first-frame.jpg", as: county)
            #expect(picture.headers[.contentType] == "image/jpeg")
            #expect(Array(picture.body.readableBytesView.prefix(2)) == [0xff, 0xd8])

            let path = "/registry/cameras/\(camera.id)/first-frame"
            let stale = try await client.submit(path, as: county, [("decision", "confirm"), ("frame", "another")])
            #expect(stale.status == .conflict)
            let silent = try await client.submit(path, as: county, [("decision", "reject"), ("frame", frame.id)])
            #expect(silent.status == .unprocessableContent)
            let done = try await client.submit(path, as: county, [("decision", "confirm"), ("frame", frame.id)])
            #expect(done.headers[.location] == "/registry/cameras/review")
            #expect(try await RegistryTest.camera(gbId: Self.gbId, client).status == .active)
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[CameraStatusChanged.type] == 1)
            #expect(counts["brightkitchen.registry.camera.first-frame-decided.v1"] == 1)
        }
    }

    @Test func aProgramConfirmsOnceAndRejectsWithAReason() async throws {
        let live = try await streams([Self.gbId, "44078400111327000002"])
        try await RegistryTest.run(liveDirectory: live) { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let first = try await RegistryTest.camera(gbId: Self.gbId, client)
            let second = try await RegistryTest.camera(gbId: "44078400111327000002", client)
            func decide(_ camera: Camera, _ body: [String: String]) async throws -> TestResponse {
                try await client.post("/registry/v1/cameras/\(camera.id)/first-frame", as: city, json: body)
            }
            let confirmed = try await decide(first, ["decision": "confirm"])
            #expect(try confirmed.json(CameraAnswer.self).status == "active")
            #expect(try await decide(first, ["decision": "confirm"]).problemCode == "camera_not_pending")
            #expect(try await decide(second, ["decision": "reject"]).problemCode == "missing")
            #expect(
                try await decide(second, ["decision": "reject", "reason": "电话13812345678"]).problemCode
                    == "personal_data")
            let rejected = try await decide(second, ["decision": "reject", "reason": "镜头朝向走廊"])
            #expect(try rejected.json(CameraAnswer.self).status == "pending")
            // After the correction a new picture is taken and can be confirmed.
            #expect(try await decide(second, ["decision": "confirm"]).status == .ok)
        }
    }

    @Test func withoutSignalThereIsNothingToConfirm() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let camera = try await RegistryTest.camera(gbId: Self.gbId, client)
            let answer = try await client.post(
                "/registry/v1/cameras/\(camera.id)/first-frame", as: county, json: ["decision": "confirm"])
            #expect(answer.problemCode == "no_signal")
            let page = try await client.page("/registry/cameras/\(camera.id)", as: county)
            #expect(page.status == .ok)
            #expect(page.text.contains("没有视频信号") && !page.text.contains("启用</button>"))
        }
    }

    @Test func anAnteroomNeedsAPrivacyStatement() async throws {
        let live = try await streams([Self.gbId])
        try await RegistryTest.run(liveDirectory: live) { client in
            try await RegistryTest.importCity(client)
            try await client.pool.execute("UPDATE camera SET is_anteroom = true")
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let camera = try await RegistryTest.camera(gbId: Self.gbId, client)
            struct Command: Encodable {
                let decision = "confirm"
                let privacyStatement: Bool
            }
            let path = "/registry/v1/cameras/\(camera.id)/first-frame"
            let without = try await client.post(path, as: county, json: Command(privacyStatement: false))
            #expect(without.problemCode == "privacy_statement_missing")
            #expect(try await client.post(path, as: county, json: Command(privacyStatement: true)).status == .ok)
        }
    }
}
