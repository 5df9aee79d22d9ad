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

    /// JPEG bytes of the newest complete segment's first picture.
    func capture(gbId: String) async throws -> [UInt8] {
        let playlist = URL(fileURLWithPath: directory).appendingPathComponent(gbId).appendingPathComponent("index.m3u8")
        guard hasSignal(playlist) else { throw Failure.noSignal }
        let arguments = [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-live_start_index", "-1", "-i", playlist.path,
            "-frames:v", "1", "-f", "mjpeg", "-q:v", "4", "pipe:1",
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

    private func hasSignal(_ playlist: URL) -> Bool {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: playlist.path)
            guard let written = attributes[.modificationDate] as? Date else { return false }
            return Date().timeIntervalSince(written) < Self.maximumAge
        } catch {
            return false
        }
    }
}
