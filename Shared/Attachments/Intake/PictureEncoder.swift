import Subprocess

/// Decodes a picture and encodes it anew in a process of its own: position, serial numbers, thumbnails and anything
/// hidden behind the pixels are gone. Upright as the telephone held it.
struct PictureEncoder: Sendable {
    enum Failure: Error {
        case unreadable
        case deadline
    }

    let executable: String
    let limits: AttachmentLimits

    /// A JPEG without metadata, at most `longestSide` on its long side.
    func encode(_ bytes: [UInt8], _ demuxer: String) async throws -> [UInt8] {
        let side = limits.longestSide
        let arguments = [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "pipe", "-max_pixels",
            String(limits.mostPixels), "-threads", "1", "-f", demuxer, "-i", "pipe:0", "-frames:v", "1",
            "-map_metadata", "-1", "-vf",
            "scale='min(\(side),iw)':'min(\(side),ih)':force_original_aspect_ratio=decrease", "-pix_fmt", "yuvj420p",
            "-threads", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1",
        ]
        let result = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await Self.output(executable, arguments, bytes, limits.largestFile * 4) }
            group.addTask {
                try await Task.sleep(for: limits.deadline)
                throw Failure.deadline
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let result, result.starts(with: [0xff, 0xd8, 0xff]) else { throw Failure.unreadable }
        return result
    }

    /// nil when ffmpeg refused the picture.
    private static func output(
        _ executable: String, _ arguments: [String], _ bytes: [UInt8], _ limit: Int
    ) async throws -> [UInt8]? {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let tool: Executable = executable.hasPrefix("/") ? .path(.init(executable)) : .name(executable)
        let result = try await run(
            tool, arguments: Arguments(arguments), platformOptions: options, input: .array(bytes),
            output: .bytes(limit: limit), error: .discarded)
        return result.terminationStatus.isSuccess ? result.standardOutput : nil
    }
}
