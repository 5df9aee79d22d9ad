import Attachments
import Foundation
import ServiceKit
import Subprocess

/// Hands a recorded file out as MPEG-TS: what is MPEG-TS already as it lies there, fragmented MP4 repackaged without
/// touching the pictures.
struct Remuxer: Sendable {
    /// A minute of 4K at 16 Mbit/s; more is a fault of the recorder.
    static let maximumBytes = 128 << 20

    /// Processes at the same time, and segments that may wait for one; beyond, 503 with Retry-After.
    private let slots = ProcessSlots(count: 4, waiting: 64)
    private let ffmpeg: String

    init(ffmpeg: String) { self.ffmpeg = ffmpeg }

    /// `second`: of the day, so that the files of a day follow one another on one time line.
    func transportStream(_ url: URL, isMP4: Bool, second: Int) async throws -> [UInt8] {
        guard isMP4 else { return [UInt8](try Data(contentsOf: url)) }
        do {
            return try await slots.run { try await repackaged(url, second) }
        } catch is ProcessSlots.Full {
            throw Problem.unavailable(code: "recordings_busy", retryAfter: 5)
        }
    }

    private func repackaged(_ url: URL, _ second: Int) async throws -> [UInt8] {
        let result = try await Subprocess.run(
            ffmpeg.hasPrefix("/") ? .path(.init(ffmpeg)) : .name(ffmpeg),
            arguments: Arguments([
                "-hide_banner", "-nostdin", "-loglevel", "error", "-i", url.path, "-map", "0:v:0", "-c", "copy",
                "-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", String(second), "-f", "mpegts", "pipe:1",
            ]), output: .bytes(limit: Self.maximumBytes), error: .discarded)
        // The file that is being written has no end yet: what can be read of it is handed out.
        guard !result.standardOutput.isEmpty else {
            throw Problem.unavailable(code: "recording_unreadable", retryAfter: 60)
        }
        return result.standardOutput
    }
}
