import Calendar
import Foundation

/// `VIDEO_RECORD_DIR`: `<GB id>/<YYYY-MM-DD>/<HH-MM-SS>.ts` or, as MediaMTX writes fragmented MP4,
/// `<GB id>/<YYYY-MM-DD>/<HH-MM-SS>-<microseconds>.mp4`: files named after their start, city time.
struct RecordingFolder: Sendable {
    /// Seconds; a recorder starts a new file at least this often (a minute, and to the next key frame).
    static let longestFile = 70

    let root: URL

    struct File: Hashable, Sendable {
        /// On disk.
        let stored: String
        /// Second of the day at which it begins.
        let second: Int
        let isMP4: Bool

        /// How players know it, whatever it is on disk: `09-30-00.ts`.
        var name: String {
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
            return "\(two(second / 3600))-\(two(second / 60 % 60))-\(two(second % 60)).ts"
        }

        /// A larger distance to the next file is a gap in the recording.
        var longestDistance: Int { isMP4 ? RecordingFolder.longestFile + 5 : 15 }

        /// Seconds assumed where no file follows at once.
        var usualLength: Int { isMP4 ? 60 : 10 }
    }

    /// The day's files in order; empty where nothing was recorded.
    func files(of gbId: String, on day: LocalDate) throws -> [File] {
        let folder = folder(gbId, day)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap(Self.file)
        // Where a recorder was restarted within a second, one file of that second is enough.
        return Dictionary(files.map { ($0.second, $0) }, uniquingKeysWith: { $0.stored < $1.stored ? $0 : $1 })
            .values.sorted { $0.second < $1.second }
    }

    /// What was recorded without a gap, from second to second of the day.
    func stretches(of gbId: String, on day: LocalDate) throws -> [(from: Int, to: Int)] {
        var stretches: [(from: Int, to: Int)] = []
        var last: File?
        for file in try files(of: gbId, on: day) {
            let end = min(86_399, file.isMP4 ? file.second + file.usualLength : file.second)
            if let last, file.second - last.second <= last.longestDistance {
                stretches[stretches.count - 1].to = end
            } else {
                stretches.append((file.second, end))
            }
            last = file
        }
        return stretches
    }

    /// An HLS playlist of the span.
    func playlist(of gbId: String, _ span: RecordedSpan) throws -> String {
        let files = try files(of: gbId, on: span.day).filter { span.contains(fileAt: $0.second) }
        var lines: [String] = []
        var longest = 1
        for (index, file) in files.enumerated() {
            let distance = index + 1 < files.count ? files[index + 1].second - file.second : nil
            let isGap = distance.map { $0 > file.longestDistance } ?? false
            let length = isGap ? file.usualLength : max(1, distance ?? file.usualLength)
            longest = max(longest, length)
            lines.append("#EXTINF:\(length).0,")
            lines.append(file.name)
            if isGap { lines.append("#EXT-X-DISCONTINUITY") }
        }
        let head = [
            "#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:\(longest)", "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:VOD",
        ]
        return (head + lines + ["#EXT-X-ENDLIST"]).joined(separator: "\n") + "\n"
    }

    /// The file that players know under this name; nil: there is none.
    func file(of gbId: String, on day: LocalDate, named name: String) throws -> File? {
        guard let second = Self.second(of: name) else { return nil }
        return try files(of: gbId, on: day).first { $0.second == second }
    }

    func url(_ gbId: String, _ day: LocalDate, _ file: File) -> URL {
        folder(gbId, day).appending(path: file.stored)
    }

    /// `09-30-00.ts` → 34,200; nil for anything else.
    static func second(of name: some StringProtocol) -> Int? {
        guard name.utf8.count == 11, name.hasSuffix(".ts") else { return nil }
        return time(name.dropLast(3))
    }

    private static func file(_ stored: String) -> File? {
        if let second = second(of: stored) { return File(stored: stored, second: second, isMP4: false) }
        guard stored.hasSuffix(".mp4"), stored.utf8.count >= 12 else { return nil }
        let rest = stored.dropLast(4).dropFirst(8)
        let isFraction =
            rest.isEmpty
            || (rest.first == "-" && rest.utf8.count <= 10
                && rest.utf8.dropFirst().allSatisfy { (48...57).contains($0) })
        guard isFraction, let second = time(stored.prefix(8)) else { return nil }
        return File(stored: stored, second: second, isMP4: true)
    }

    private static func time(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), let second = Int(parts[2]), hour < 24, minute < 60,
            second < 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private func folder(_ gbId: String, _ day: LocalDate) -> URL {
        root.appending(path: gbId).appending(path: day.iso)
    }
}
