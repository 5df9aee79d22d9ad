import Contracts

/// A path under `/video/live/`, read strictly from the raw bytes of the request line.
///
/// `/video/live/<session>/<camera>/index.m3u8` or `…/seg-<digits>.ts`, for recordings
/// `/video/recorded/<session>/<camera>/index.m3u8` or `…/<HH-MM-SS>.ts`, nothing else: no query, no percent sign, no
/// second
/// slash, no dot segments, no other case. nginx has decoded nothing yet, so no encoding can slip past this reading.
struct VideoPath: Hashable, Sendable {
    let sessionId: ViewSessionID
    let cameraId: CameraID
    let isPlaylist: Bool
    let isRecorded: Bool
    /// Name of a recorded file; nil for a playlist or a live segment.
    let recordedFile: String?

    static let prefix = "/video/live/"
    static let recordedPrefix = "/video/recorded/"
    static let playlistName = "index.m3u8"

    init?(originalURI: String) {
        // 12 prefix + 36 session + 64 camera + 2 slashes + 24 file name, rounded up.
        guard originalURI.utf8.count <= 160 else { return nil }
        isRecorded = originalURI.hasPrefix(Self.recordedPrefix)
        guard isRecorded || originalURI.hasPrefix(Self.prefix) else { return nil }
        let prefix = isRecorded ? Self.recordedPrefix : Self.prefix
        let parts = originalURI.utf8.dropFirst(prefix.utf8.count).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let session = String(Substring(parts[0]))
        guard UUIDv7.isWellFormed(session), Self.isCameraName(parts[1]) else { return nil }
        let file = Substring(parts[2])
        if file == Self.playlistName {
            isPlaylist = true
            recordedFile = nil
        } else if isRecorded ? RecordingFolder.second(of: file) != nil : Self.isSegmentName(file) {
            isPlaylist = false
            recordedFile = isRecorded ? String(file) : nil
        } else {
            return nil
        }
        sessionId = ViewSessionID(session)
        cameraId = CameraID(String(Substring(parts[1])))
    }

    static func text(_ session: ViewSessionID, _ camera: CameraID) -> String {
        "\(prefix)\(session)/\(camera)/\(playlistName)"
    }

    static func text(recorded session: ViewSessionID, _ camera: CameraID) -> String {
        "\(recordedPrefix)\(session)/\(camera)/\(playlistName)"
    }

    /// Live paths for live views; for a recording the files of its span.
    func fits(_ span: RecordedSpan?) -> Bool {
        guard let span else { return !isRecorded }
        guard isRecorded else { return false }
        guard let recordedFile else { return isPlaylist }
        return RecordingFolder.second(of: recordedFile).map { span.contains(fileAt: $0) } ?? false
    }

    private static func isCameraName(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty && bytes.count <= 64
            && bytes.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 95
            }
    }

    /// `seg-` 1…12 digits `.ts`, as the demo recorder and MediaMTX' replacement write them.
    private static func isSegmentName(_ name: Substring) -> Bool {
        guard name.hasPrefix("seg-"), name.hasSuffix(".ts") else { return false }
        let digits = name.utf8.dropFirst(4).dropLast(3)
        return !digits.isEmpty && digits.count <= 12 && digits.allSatisfy { (48...57).contains($0) }
    }
}
