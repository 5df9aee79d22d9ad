import Calendar
import Foundation

/// The part of an HLS media playlist (RFC 8216) that evidence needs: segments with duration and camera time.
struct LivePlaylist: Hashable, Sendable {
    struct Segment: Hashable, Sendable {
        /// Relative file name.
        var name: String
        var seconds: Double
        /// EXT-X-PROGRAM-DATE-TIME of its first picture; nil where the stream does not tell it.
        var programTime: Instant?
    }

    /// Oldest first.
    let segments: [Segment]

    /// Segments whose names could leave the camera's folder are dropped.
    init(_ text: String) {
        var segments: [Segment] = []
        var seconds = 0.0
        var programTime: Instant?
        for line in text.split(whereSeparator: \.isNewline) {
            if let value = line.dropping(prefix: "#EXTINF:") {
                seconds = Double(value.prefix { $0 != "," }) ?? 0
            } else if let value = line.dropping(prefix: "#EXT-X-PROGRAM-DATE-TIME:") {
                programTime = Self.instant(value)
            } else if !line.hasPrefix("#") {
                let name = String(line)
                if !name.contains("/") && !name.hasPrefix(".") {
                    segments.append(Segment(name: name, seconds: seconds, programTime: programTime))
                }
                // Without an own tag, the next segment's time follows from this one's.
                programTime = programTime.map { $0 + .milliseconds(Int64(seconds * 1000)) }
            }
        }
        self.segments = segments
    }

    /// The newest segments that together last at least so long, oldest first; nil when the playlist holds less.
    func newest(lasting seconds: Double) -> [Segment]? {
        var chosen: [Segment] = []
        var total = 0.0
        for segment in segments.reversed() {
            chosen.insert(segment, at: 0)
            total += segment.seconds
            if total >= seconds { return chosen }
        }
        return nil
    }

    /// ffmpeg writes the offset as `+0000`, RFC 3339 wants `+00:00`.
    static func instant(_ text: some StringProtocol) -> Instant? {
        let characters = Array(text)
        guard characters.count > 5 else { return nil }
        let sign = characters.count - 5
        if characters[sign] == "+" || characters[sign] == "-", !characters[(sign + 1)...].contains(":") {
            return Instant(rfc3339: String(characters[..<(sign + 3)]) + ":" + String(characters[(sign + 3)...]))
        }
        return Instant(rfc3339: text)
    }
}

extension Substring {
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
