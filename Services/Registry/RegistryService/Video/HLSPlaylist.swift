import Calendar

/// The segments that a media playlist names, with the times of `EXT-X-PROGRAM-DATE-TIME` (RFC 8216 §4.3.2).
struct HLSPlaylist: Sendable {
    struct Segment: Hashable, Sendable {
        let name: String
        /// Unix milliseconds by the writer's clock; nil where the playlist does not tell.
        let from: Int64?
        let durationMs: Int64
    }

    let segments: [Segment]

    init(_ text: String) {
        var segments: [Segment] = []
        var next: Int64?
        var duration: Int64 = 0
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("#EXTINF:") {
                let number = line.dropFirst(8).prefix { $0 != "," }
                duration =
                    Double(number).flatMap { $0.isFinite && $0 >= 0 && $0 < 86_400 ? Int64($0 * 1000) : nil } ?? 0
            } else if line.hasPrefix("#EXT-X-PROGRAM-DATE-TIME:") {
                next = Self.milliseconds(line.dropFirst(25))
            } else if line.hasPrefix("#EXT-X-DISCONTINUITY") {
                // Without a new time the times after a discontinuity are unknown.
                next = nil
            } else if !line.hasPrefix("#") {
                segments.append(Segment(name: String(line), from: next, durationMs: duration))
                next = next.map { $0 + duration }
                duration = 0
            }
        }
        self.segments = segments
    }

    /// RFC 3339, also with an offset without a colon (`+0800`), as ffmpeg writes it.
    private static func milliseconds(_ text: Substring) -> Int64? {
        if let instant = Instant(rfc3339: text) { return instant.microseconds / 1000 }
        guard text.utf8.count > 5, let sign = text.dropLast(4).last, sign == "+" || sign == "-" else { return nil }
        return Instant(rfc3339: text.dropLast(2) + ":" + text.suffix(2)).map { $0.microseconds / 1000 }
    }
}
