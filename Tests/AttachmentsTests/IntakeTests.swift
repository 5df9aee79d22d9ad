import Foundation
import Subprocess
import Testing

@testable import Attachments
@testable import ServiceKit

struct IntakeTests {
    private func withIntake<T>(
        _ limits: AttachmentLimits = .standard, _ body: (AttachmentIntake, AttachmentStore) async throws -> T
    ) async throws -> T {
        let root = FileManager.default.temporaryDirectory.appending(path: "attachments-\(UUID().uuidString)")
        let store = try AttachmentStore(root: root)
        let result: T
        do {
            result = try await body(AttachmentIntake(store: store, limits: limits), store)
        } catch {
            try FileManager.default.removeItem(at: root)
            throw error
        }
        try FileManager.default.removeItem(at: root)
        return result
    }

    private func upload(_ bytes: [UInt8], _ name: String) -> UploadedFile {
        UploadedFile(field: "photo", fileName: name, contentType: "application/octet-stream", bytes: bytes)
    }

    private func picture(_ size: String, _ format: [String]) async throws -> [UInt8] {
        let result = try await run(
            .name("ffmpeg"),
            arguments: Arguments(
                [
                    "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=\(size)",
                    "-frames:v",
                    "1",
                ] + format + ["-f", "image2pipe", "pipe:1"]), output: .bytes(limit: 64 << 20), error: .discarded)
        return result.standardOutput
    }

    private func code(_ work: () async throws -> some Any) async -> String? {
        do {
            _ = try await work()
            return nil
        } catch let problem as Problem {
            return problem.code
        } catch {
            return "\(error)"
        }
    }

    /// A JPEG whose APP1 segment says where it was taken.
    private func withPosition(_ jpeg: [UInt8]) -> [UInt8] {
        let exif = Array("Exif\0\0GPS 22.5787N 113.0819E".utf8)
        return [0xff, 0xd8, 0xff, 0xe1, 0, UInt8(exif.count + 2)] + exif + jpeg.dropFirst(2)
    }

    @Test func aPictureLosesItsPositionAndIsStoredOnceByItsContent() async throws {
        try await withIntake { intake, store in
            let jpeg = withPosition(try await picture("3000x1000", ["-c:v", "mjpeg"]))
            #expect(String(decoding: jpeg, as: UTF8.self).contains("GPS"))
            let first = try await intake.accept(upload(jpeg, "IMG_1.JPG"))
            let again = try await intake.accept(upload(jpeg, "copy.jpeg"))
            #expect(first == again && first.type == .jpeg)
            let stored = try await store.get(first.digest)
            #expect(stored.count == first.byteCount)
            let text = String(decoding: stored, as: UTF8.self)
            #expect(!text.contains("GPS") && !text.contains("Exif"))
            #expect(PictureSize(stored, .jpeg) == PictureSize(width: 2048, height: 683))
        }
    }

    @Test func pngAndWebPBecomeJPEG() async throws {
        try await withIntake { intake, _ in
            let png = try await picture("64x48", ["-c:v", "png"])
            let webp = try await picture("64x48", ["-c:v", "libwebp"])
            #expect(PictureSize(webp, .webp) == PictureSize(width: 64, height: 48))
            #expect(try await intake.accept(upload(png, "a.png")).type == .jpeg)
            #expect(try await intake.accept(upload(webp, "a.webp")).type == .jpeg)
        }
    }

    @Test func aPixelBombIsRefusedByItsHeader() async throws {
        try await withIntake { intake, _ in
            var png = try await picture("64x48", ["-c:v", "png"])
            png.replaceSubrange(16..<24, with: [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff])
            #expect(await code { try await intake.accept(upload(png, "bomb.png")) } == "too_many_pixels")
        }
    }

    @Test func whatIsNoPictureAndNoPDFIsRefused() async throws {
        try await withIntake { intake, _ in
            let svg = Array("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".utf8)
            #expect(await code { try await intake.accept(upload(svg, "a.svg")) } == "file_type")
            #expect(await code { try await intake.accept(upload(svg, "a.jpg")) } == "file_type")
            #expect(await code { try await intake.accept(upload([], "a.jpg")) } == "file_empty")
            let cut = Array(try await picture("640x480", ["-c:v", "mjpeg"]).prefix(200))
            #expect(await code { try await intake.accept(upload(cut, "a.jpg")) } == "file_unreadable")
            let large = [UInt8](repeating: 0xff, count: intake.limits.largestFile + 1)
            #expect(await code { try await intake.accept(upload(large, "a.jpg")) } == "file_too_large")
            let png = try await picture("64x48", ["-c:v", "png"])
            #expect(await code { try await intake.accept(upload(png, "a.pdf")) } == "file_name_type")
            #expect(await code { try await intake.accept(upload(png, "a.png"), allowing: [.pdf]) } == "file_type")
        }
    }

    @Test func aPlainPDFIsKeptAsItIsAndAnActiveOneRefused() async throws {
        func pdf(_ extra: String) -> [UInt8] {
            Array(
                "%PDF-1.7\n1 0 obj<</Type/Catalog\(extra)>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".utf8)
        }
        try await withIntake { intake, store in
            let kept = try await intake.accept(upload(pdf(""), "承诺书.pdf"))
            #expect(kept.type == .pdf)
            #expect(try await store.get(kept.digest) == pdf(""))
            for extra in ["/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "/J#61vaScript 2 0 R", "/Encrypt 3 0 R"] {
                #expect(await code { try await intake.accept(upload(pdf(extra), "a.pdf")) } == "pdf_active")
            }
            let cut = Array(pdf("").dropLast(20))
            #expect(await code { try await intake.accept(upload(cut, "a.pdf")) } == "file_unreadable")
            #expect(await code { try await intake.accept(upload(pdf(""), "a.jpg")) } == "file_name_type")
        }
    }

    @Test func whatWasAlteredOnTheDiskIsNotGivenOut() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "attachments-\(UUID().uuidString)")
        let store = try AttachmentStore(root: root)
        let kept = try await store.put(Array("one".utf8), as: .pdf)
        let file = root.appending(
            path: "sha256/\(kept.digest.prefix(2))/\(kept.digest.dropFirst(2).prefix(2))/\(kept.digest)")
        try FileManager.default.removeItem(at: file)
        try Data("two".utf8).write(to: file)
        await #expect(throws: AttachmentStore.Failure.self) { try await store.get(kept.digest) }
        await #expect(throws: AttachmentStore.Failure.notADigest) { try await store.get("../../etc/passwd") }
        try FileManager.default.removeItem(at: root)
    }

    /// A city may change to SM3: what is stored then is named by it, and what was stored before is still found.
    @Test func digestsNameTheirAlgorithm() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "attachments-\(UUID().uuidString)")
        let old = try await AttachmentStore(root: root).put(Array("old".utf8), as: .pdf)
        let store = try AttachmentStore(root: root, algorithm: .sm3)
        let new = try await store.put(Array("abc".utf8), as: .pdf)
        #expect(new.digest == "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        #expect(try await store.get(new.digest) == Array("abc".utf8))
        #expect(try await store.get(old.digest) == Array("old".utf8))
        #expect(AttachmentStore.isDigest(new.digest) && AttachmentStore.isDigest(old.digest))
        for wrong in ["sha256:" + old.digest, "sm3:", "md5:" + old.digest, "sm3:../" + old.digest, old.digest + "0"] {
            #expect(!AttachmentStore.isDigest(wrong), "\(wrong)")
        }
        let hex = new.digest.dropFirst(4)
        let file = root.appending(path: "sm3/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)")
        try FileManager.default.removeItem(at: file)
        try Data("abd".utf8).write(to: file)
        await #expect(throws: AttachmentStore.Failure.self) { try await store.get(new.digest) }
        try FileManager.default.removeItem(at: root)
    }

    /// The scanner is a program; here one that knows EICAR's test file, one that fails, and one that never ends.
    @Test func aVirusScannerIsAskedAndUnknownIsNotClean() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "scanner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let program = root.appending(path: "scan")
        let broken = root.appending(path: "broken")
        for (file, work) in [
            (program, "if grep -q 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'; then exit 1; fi"), (broken, "cat; exit 2"),
        ] {
            try Data("#!/bin/sh\n\(work)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        let store = try AttachmentStore(root: root)
        func intake(_ command: String, _ deadline: Duration = .seconds(30)) -> AttachmentIntake {
            AttachmentIntake(store: store, scanner: VirusScanner(command: command, deadline: deadline))
        }
        func pdf(_ text: String) -> UploadedFile {
            let body = "1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
            return upload(Array("%PDF-1.7\n% \(text)\n\(body)".utf8), "a.pdf")
        }
        let eicar = pdf("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
        #expect(try await intake(program.path).accept(pdf("plain")).type == .pdf)
        #expect(await code { try await intake(program.path).accept(eicar) } == "file_infected")
        #expect(await code { try await intake(broken.path).accept(pdf("plain")) } == "scanner_unavailable")
        #expect(await code { try await intake("/nowhere/scan").accept(pdf("plain")) } == "scanner_unavailable")
        let slow = intake("tail -f /dev/null", .milliseconds(200))
        #expect(await code { try await slow.accept(pdf("plain")) } == "scanner_unavailable")
        try FileManager.default.removeItem(at: root)
    }

    @Test func oneWorksOneWaitsTheThirdIsTurnedAway() async throws {
        let slots = ProcessSlots(count: 1, waiting: 1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (started, hasStarted) = AsyncStream<Void>.makeStream()
        let first = Task {
            try await slots.run {
                hasStarted.finish()
                for await _ in gate {}
                return 1
            }
        }
        for await _ in started {}
        let second = Task { try await slots.run { 2 } }
        while await slots.waiting == 0 { await Task.yield() }
        await #expect(throws: ProcessSlots.Full.self) { try await slots.run { 3 } }
        open.finish()
        #expect(try await first.value == 1)
        #expect(try await second.value == 2)
    }
}

extension PictureSize {
    fileprivate init?(width: Int, height: Int) {
        let side = [UInt8(width >> 8), UInt8(width & 0xff), UInt8(height >> 8), UInt8(height & 0xff)]
        self.init(
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0] + side[0..<2]
                + [0, 0] + side[2..<4], .png)
    }
}
