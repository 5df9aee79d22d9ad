import Foundation
import Subprocess

/// Takes one picture from a camera's live stream: `<directory>/<GB id>/index.m3u8`.
struct FrameCapture: Sendable {
    /// A stream whose playlist was not written for this long has no signal; segments last 2 s.
    static let maximumAge: TimeInterval = 15
    static let deadline: Duration = .seconds(10)
    /// A 1080p JPEG has under 1 MiB.
    static let maximumBytes = 4 << 20

    let directory: String

    enum Failure: Error {
        /// There is no playlist, or it stands still.
        case noSignal
        case notDecodable
    }

    /// JPEG bytes of the first picture of the newest complete segment. The segment is read as a file: as a live stream,
    /// ffmpeg would wait for the next one before it shows anything.
    func capture(gbId: String) async throws -> [UInt8] {
        let folder = URL(fileURLWithPath: directory).appendingPathComponent(gbId)
        guard let segment = newestSegment(in: folder) else { throw Failure.noSignal }
        return try await Self.firstPicture(of: segment)
    }

    /// The first picture of a video that is held in memory.
    static func firstPicture(of video: [UInt8]) async throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("frame-\(UUID().uuidString).mp4")
        try Data(video).write(to: file)
        do {
            let picture = try await firstPicture(of: file)
            try FileManager.default.removeItem(at: file)
            return picture
        } catch {
            try FileManager.default.removeItem(at: file)
            throw error
        }
    }

    private static func firstPicture(of file: URL) async throws -> [UInt8] {
        let arguments = [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-i", file.path, "-frames:v", "1", "-f", "mjpeg",
            "-q:v", "4", "pipe:1",
        ]
        let bytes = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var options = PlatformOptions()
                options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
                let result = try await run(
                    .name("ffmpeg"), arguments: Arguments(arguments), platformOptions: options,
                    output: .bytes(limit: Self.maximumBytes), error: .discarded)
                return result.terminationStatus.isSuccess ? result.standardOutput : nil
            }
            group.addTask {
                try await Task.sleep(for: Self.deadline)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let bytes, bytes.starts(with: [0xff, 0xd8]) else { throw Failure.notDecodable }
        return bytes
    }

    /// nil when there is no playlist, or it stands still, or it lists nothing.
    private func newestSegment(in folder: URL) -> URL? {
        let playlist = folder.appendingPathComponent("index.m3u8")
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: playlist.path)
            guard let written = attributes[.modificationDate] as? Date,
                Date().timeIntervalSince(written) < Self.maximumAge
            else { return nil }
            let lines = try String(contentsOf: playlist, encoding: .utf8).split(whereSeparator: \.isNewline)
            guard let name = lines.last(where: { !$0.hasPrefix("#") }), !name.contains("/") else { return nil }
            return folder.appendingPathComponent(String(name))
        } catch {
            return nil
        }
    }
}
