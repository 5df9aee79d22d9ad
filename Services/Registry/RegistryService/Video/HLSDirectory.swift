import Calendar
import Concurrency
import Foundation

/// Cameras that ffmpeg (or any recorder) writes as files: `<live>/<GB id>/index.m3u8` with its newest segments, and
/// `<recordings>/<GB id>/index.m3u8` with segments in one folder a day. What counts as recorded is a file that is there.
struct HLSDirectory: VideoSource {
    let live: String
    let recordings: String
    let clock: any WallClock

    private var capture: FrameCapture { FrameCapture(directory: live) }

    func status(of gbIds: [String]) async throws -> [String: VideoStatus] {
        var statuses: [String: VideoStatus] = [:]
        for gbId in gbIds {
            let folder = URL(fileURLWithPath: live).appendingPathComponent(gbId)
            guard FileManager.default.fileExists(atPath: folder.path) else { continue }
            statuses[gbId] = status(folder.appendingPathComponent("index.m3u8"))
        }
        return statuses
    }

    /// The playlist's times are counted from the stream's begin: they say nothing about the camera's clock.
    private func status(_ playlist: URL) -> VideoStatus {
        guard let (_, written) = read(playlist),
            clock.now().date.timeIntervalSince(written) < FrameCapture.maximumAge
        else { return VideoStatus(signal: .lost, clockOffset: nil) }
        return VideoStatus(signal: .ok, clockOffset: nil)
    }

    func recordingSegments(of gbId: String, on day: LocalDate) async throws -> VideoRecordings? {
        let folder = URL(fileURLWithPath: recordings).appendingPathComponent(gbId)
        guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
        guard let (text, _) = read(folder.appendingPathComponent("index.m3u8")) else {
            return VideoRecordings(spans: RecordedSpans(), oldest: nil)
        }
        let start = day.start.microseconds / 1000
        let end = day.adding(days: 1).start.microseconds / 1000
        var present: [String: Set<String>] = [:]
        // Names may be relative or as the recorder was told to write: the last part counts, and the folder of a day.
        func isThere(_ name: String) -> Bool {
            let parts = name.split(separator: "/")
            guard let file = parts.last else { return false }
            let directory = parts.dropLast().last.flatMap { LocalDate(iso: $0)?.iso } ?? ""
            if let names = present[directory] { return names.contains(String(file)) }
            let names = Self.files(in: directory.isEmpty ? folder : folder.appendingPathComponent(directory))
            present[directory] = names
            return names.contains(String(file))
        }
        var spans: [RecordedSpans.Span] = []
        var oldest: Int64?
        for segment in HLSPlaylist(text).segments {
            guard let from = segment.from, segment.durationMs > 0 else { continue }
            let to = from + segment.durationMs
            let isOfDay = to > start && from < end
            guard isOfDay || oldest == nil, isThere(segment.name) else { continue }
            oldest = min(oldest ?? from, from)
            if isOfDay { spans.append(.init(from: from, to: to)) }
        }
        return VideoRecordings(
            spans: Self.joined(RecordedSpans(spans)).clipped(from: start, to: end),
            oldest: oldest.map { Instant(microseconds: $0 * 1000) })
    }

    /// Segments are cut at key frames and named in whole milliseconds: up to half a second between two is no gap.
    private static func joined(_ spans: RecordedSpans) -> RecordedSpans {
        var joined: [RecordedSpans.Span] = []
        for span in spans.spans {
            if let last = joined.last, span.from - last.to <= 500 {
                joined[joined.count - 1] = .init(from: last.from, to: max(last.to, span.to))
            } else {
                joined.append(span)
            }
        }
        return RecordedSpans(joined)
    }

    func snapshot(of gbId: String) async throws -> [UInt8] { try await capture.capture(gbId: gbId) }

    /// Files with content.
    private static func files(in folder: URL) -> Set<String> {
        do {
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.fileSizeKey])
            return Set(
                try files.filter { try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 > 0 }
                    .map(\.lastPathComponent))
        } catch {
            return []
        }
    }

    private func read(_ file: URL) -> (text: String, written: Date)? {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            guard let written = attributes[.modificationDate] as? Date else { return nil }
            return (try String(contentsOf: file, encoding: .utf8), written)
        } catch {
            return nil
        }
    }
}
