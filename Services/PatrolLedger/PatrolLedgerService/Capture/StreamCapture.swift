import Calendar
import Concurrency
import Foundation

/// Takes evidence from the live stream itself (art 7 图片抓拍、视频抓拍): the server reads the camera's HLS segments, never a
/// picture that a browser sent. What cannot be taken is a clear refusal, never a stand-in.
struct StreamCapture: Sendable {
    /// What was taken; `file` lies in a folder of its own that the caller removes.
    struct Taken: Sendable {
        var file: URL
        var mediaType: String
        /// Time by the camera of the first picture.
        var cameraTime: Instant?
        /// Time by the server when the segments were read.
        var serverTime: Instant
    }

    /// A stream whose newest segment is older than this has no signal.
    static let staleAfter: Duration = .seconds(15)
    static let clipSeconds = 5.0

    var liveDirectory: URL
    var ffmpeg: FFmpeg
    var clock: any WallClock

    /// The first picture of the newest complete segment: its camera time is exactly the segment's.
    func still(gbId: String, into folder: URL) async throws -> Taken {
        let source = try copySegments(gbId: gbId, lasting: 0.1, into: folder)
        let file = folder.appending(path: "still.jpg")
        // -q:v 2: best practical JPEG quality, no scaling, no annotation.
        try await ffmpeg.run(["-i", source.file.path, "-frames:v", "1", "-q:v", "2", "-f", "image2", file.path])
        return try taken(file, "image/jpeg", source)
    }

    /// Five seconds, stream-copied: the pictures are the camera's own bits, only the container changes.
    func clip(gbId: String, into folder: URL) async throws -> Taken {
        let source = try copySegments(gbId: gbId, lasting: Self.clipSeconds, into: folder)
        let file = folder.appending(path: "clip.mp4")
        try await ffmpeg.run([
            "-i", source.file.path, "-t", String(Self.clipSeconds), "-c", "copy", "-movflags", "+faststart", "-f",
            "mp4",
            file.path,
        ])
        return try taken(file, "video/mp4", source)
    }

    /// A small picture for lists; apart from the original, which stays untouched.
    func thumbnail(of file: URL, into folder: URL) async throws -> URL {
        let thumbnail = folder.appending(path: "thumbnail.jpg")
        try await ffmpeg.run([
            "-i", file.path, "-frames:v", "1", "-vf", "scale=320:-2", "-q:v", "5", "-f", "image2", thumbnail.path,
        ])
        return thumbnail
    }

    private struct Source {
        var file: URL
        var cameraTime: Instant?
        var serverTime: Instant
    }

    /// MPEG-TS segments may be joined byte by byte; copied first, because the stream deletes old ones.
    private func copySegments(gbId: String, lasting seconds: Double, into folder: URL) throws -> Source {
        guard gbId.utf8.count == 20, gbId.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Refusal.unavailable("camera_id", zh: "摄像机国标编码无效", en: "The camera's channel id is invalid")
        }
        let camera = liveDirectory.appending(path: gbId, directoryHint: .isDirectory)
        let now = clock.now()
        guard let text = try readIfPresent(camera.appending(path: "index.m3u8")) else { throw Self.noSignal }
        let playlist = LivePlaylist(String(decoding: text, as: UTF8.self))
        guard let segments = playlist.newest(lasting: seconds), let newest = segments.last else { throw Self.noSignal }
        let joined = folder.appending(path: "source.ts")
        var bytes = Data()
        for segment in segments {
            guard let part = try readIfPresent(camera.appending(path: segment.name)) else { throw Self.noSignal }
            bytes.append(part)
        }
        try checkFresh(newest, in: camera, now: now)
        try bytes.write(to: joined)
        return Source(file: joined, cameraTime: segments.first?.programTime, serverTime: now)
    }

    private func checkFresh(_ segment: LivePlaylist.Segment, in camera: URL, now: Instant) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: camera.appending(path: segment.name).path)
        guard let written = attributes[.modificationDate] as? Date else { throw Self.noSignal }
        guard now - Instant(written) < Self.staleAfter else { throw Self.noSignal }
    }

    /// nil when the file is not there (the stream may have deleted it a moment ago).
    private func readIfPresent(_ file: URL) throws -> Data? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Data(contentsOf: file)
    }

    private func taken(_ file: URL, _ mediaType: String, _ source: Source) throws -> Taken {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        guard let size = attributes[.size] as? Int, size > 0 else {
            throw Refusal.unavailable("capture_empty", zh: "抓拍结果为空", en: "The capture is empty")
        }
        return Taken(file: file, mediaType: mediaType, cameraTime: source.cameraTime, serverTime: source.serverTime)
    }

    static let noSignal = Refusal.unavailable(
        "no_signal", zh: "摄像机没有实时信号，无法抓拍", en: "The camera has no live signal, nothing can be captured")
}
