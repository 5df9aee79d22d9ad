import Calendar
import Foundation

/// `VIDEO_RECORD_DIR`: `<GB id>/<YYYY-MM-DD>/<HH-MM-SS>.ts`, MPEG-TS files named after their start, city time.
struct RecordingFolder: Sendable {
    /// Seconds; a recorder starts a new file at least this often.
    static let longestFile = 60
    /// A larger distance between two files is a gap in the recording.
    private static let gap = 15

    let root: URL

    struct File: Hashable, Sendable {
        let name: String
        /// Second of the day at which it begins.
        let second: Int
    }

    /// The day's files in order; empty where nothing was recorded.
    func files(of gbId: String, on day: LocalDate) throws -> [File] {
        let folder = folder(gbId, day)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
            Self.second(of: name).map { File(name: name, second: $0) }
        }.sorted { $0.second < $1.second }
    }

    /// What was recorded without a gap, from second to second of the day.
    func stretches(of gbId: String, on day: LocalDate) throws -> [(from: Int, to: Int)] {
        var stretches: [(from: Int, to: Int)] = []
        for file in try files(of: gbId, on: day) {
            if let last = stretches.last, file.second - last.to <= Self.gap {
                stretches[stretches.count - 1].to = file.second
            } else {
                stretches.append((file.second, file.second))
            }
        }
        return stretches
    }

    /// An HLS playlist of the span.
    func playlist(of gbId: String, _ span: RecordedSpan) throws -> String {
        let files = try files(of: gbId, on: span.day).filter { span.contains(fileAt: $0.second) }
        var lines: [String] = []
        var longest = 1
        for (index, file) in files.enumerated() {
            let next = index + 1 < files.count ? files[index + 1].second : nil
            let distance = next.map { $0 - file.second } ?? 10
            let isGap = distance > Self.gap
            let length = isGap ? 10 : max(1, distance)
            longest = max(longest, length)
            lines.append("#EXTINF:\(length).0,")
            lines.append(file.name)
            if isGap, next != nil { lines.append("#EXT-X-DISCONTINUITY") }
        }
        let head = [
            "#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:\(longest)", "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:VOD",
        ]
        return (head + lines + ["#EXT-X-ENDLIST"]).joined(separator: "\n") + "\n"
    }

    func url(_ gbId: String, _ day: LocalDate, _ name: String) -> URL { folder(gbId, day).appending(path: name) }

    /// `09-30-00.ts` → 34,200; nil for anything else.
    static func second(of name: some StringProtocol) -> Int? {
        guard name.utf8.count == 11, name.hasSuffix(".ts") else { return nil }
        let parts = name.dropLast(3).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            let second = Int(parts[2]), hour < 24, minute < 60, second < 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private func folder(_ gbId: String, _ day: LocalDate) -> URL {
        root.appending(path: gbId).appending(path: day.iso)
    }
}
