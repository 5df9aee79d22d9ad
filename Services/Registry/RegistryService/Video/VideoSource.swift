import Calendar

/// A video platform that can be asked: what the registry needs of Hik ISC, WVP, MediaMTX or a folder of files
/// (domain §4.4). Cameras are named by their GB/T 28181 id.
protocol VideoSource: Sendable {
    /// The state of those of these cameras that the platform knows; absent = it does not know them.
    func status(of gbIds: [String]) async throws -> [String: VideoStatus]
    /// What the platform's recorder holds of a day, asked from the recorder and not from the camera's state: a camera
    /// that is online may not be recorded (wvp #2145). nil = it does not know the camera.
    func recordingSegments(of gbId: String, on day: LocalDate) async throws -> VideoRecordings?
    /// A picture of this moment as JPEG.
    func snapshot(of gbId: String) async throws -> [UInt8]
}

struct VideoStatus: Hashable, Sendable {
    let signal: ReportedSignal
    /// Camera's time minus the platform's, microseconds; nil where it cannot be told.
    let clockOffset: Int64?
}

struct VideoRecordings: Hashable, Sendable {
    /// Within the day.
    let spans: RecordedSpans
    /// The oldest recording that is kept; nil without any.
    let oldest: Instant?
}

/// The platform did not answer, or answered what it does not document.
struct VideoSourceFailure: Error, CustomStringConvertible {
    let description: String
}
