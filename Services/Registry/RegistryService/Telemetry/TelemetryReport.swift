/// What one record of the telemetry topic says (docs/events/inbound/telemetry.v1.schema.json).
struct TelemetryReport: Sendable {
    /// Spans that the recorder holds, in Unix milliseconds.
    struct Segment: Hashable, Sendable {
        let camera: CameraKey
        let span: RecordedSpans.Span
    }

    var platform = ""
    var samples: [SignalSample] = []
    var segments: [Segment] = []
    /// Members of the lists that were left out, by reason.
    var refused: [TelemetryRefusal: Int] = [:]
}

/// Why something of a report was not taken.
enum TelemetryRefusal: String, Hashable, CaseIterable, Sendable {
    /// More than 256 KiB, 2,000 samples or 2,000 segments.
    case oversized
    /// Not JSON of the contract's shape.
    case undecodable
    /// Another version of the contract.
    case version
    /// A platform that is not in TELEMETRY_PLATFORMS.
    case unknownPlatform = "unknown_platform"
    /// Not 20 digits, or registered nowhere.
    case unknownCamera = "unknown_camera"
    /// A camera outside the platform's divisions.
    case wrongDivision = "wrong_division"
    /// A time without offset, more than five minutes ahead, or older than a week.
    case time
    /// Ends before it begins, or longer than a day.
    case span
}
