import Attachments
import Foundation
import Subprocess

/// Runs ffmpeg with a deadline. What it writes to standard error becomes the message of a failure.
struct FFmpeg: Sendable {
    /// A name looked up in PATH, or an absolute path.
    var executable = "ffmpeg"
    var deadline: Duration = .seconds(15)
    /// Processes at the same time, and captures that may wait for one.
    private let slots = ProcessSlots(count: 4, waiting: 64)

    init(executable: String = "ffmpeg", deadline: Duration = .seconds(15)) {
        self.executable = executable
        self.deadline = deadline
    }

    /// Throws `Refusal` (unavailable) when ffmpeg fails, does not end in time, or too many wait already.
    func run(_ arguments: [String]) async throws {
        do {
            try await slots.run { try await runNow(arguments) }
        } catch is ProcessSlots.Full {
            throw Refusal.unavailable(
                "capture_busy", zh: "同时处理的画面太多，请稍后再试", en: "Too many pictures are being processed; try again")
        }
    }

    private func runNow(_ arguments: [String]) async throws {
        let complaint = try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await Self.complaint(executable: executable, arguments: arguments) }
            group.addTask {
                try await Task.sleep(for: deadline)
                return "no answer within \(deadline)"
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let complaint {
            throw Refusal.unavailable(
                "capture_failed", zh: "画面处理失败：\(complaint)", en: "The picture could not be processed: \(complaint)")
        }
    }

    /// nil when ffmpeg succeeded.
    private static func complaint(executable: String, arguments: [String]) async throws -> String? {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let tool: Executable = executable.hasPrefix("/") ? .path(.init(executable)) : .name(executable)
        let result = try await Subprocess.run(
            tool, arguments: Arguments(["-hide_banner", "-nostdin", "-loglevel", "error", "-y"] + arguments),
            platformOptions: options, output: .discarded, error: .string(limit: 64 * 1024))
        guard !result.terminationStatus.isSuccess else { return nil }
        let lines = result.standardError.split(whereSeparator: \.isNewline)
        return lines.last.map(String.init) ?? "\(result.terminationStatus)"
    }
}
