import Calendar
import ServiceKit

/// How the registry learns about signals and recordings.
struct TelemetrySettings: Sendable {
    enum Source: String, CaseIterable, Sendable {
        /// By the telemetry topic only.
        case none
        /// Folders of HLS: VIDEO_LIVE_DIR and VIDEO_RECORD_DIR.
        case hls
        case mediamtx
    }

    struct MediaMTXSettings: Sendable {
        let control: String
        let playback: String
        let pathTemplate: String
        let credentials: String?
    }

    let platforms: TelemetryPlatforms
    let source: Source
    let recordDirectory: String
    let mediaMTX: MediaMTXSettings?
    let minimumPermille: Int
    let settle: Duration

    static func read(_ reader: SettingsReader) -> TelemetrySettings {
        let source = reader.choice("VIDEO_SOURCE", default: Source.none)
        return TelemetrySettings(
            platforms: platforms(reader), source: source,
            recordDirectory: reader.string(
                "VIDEO_RECORD_DIR", default: "/var/lib/bright-kitchen/video/recordings",
                allowed: "the folder of the recordings"),
            mediaMTX: source == .mediamtx ? mediaMTX(reader) : nil,
            minimumPermille: reader.integer("COVERAGE_MINIMUM_PERCENT", default: 95, in: 1...100) * 10,
            settle: .seconds(reader.integer("COVERAGE_SETTLE_MINUTES", default: 30, in: 0...720) * 60))
    }

    private static func platforms(_ reader: SettingsReader) -> TelemetryPlatforms {
        let text = reader.optionalString("TELEMETRY_PLATFORMS") ?? ""
        if let platforms = TelemetryPlatforms(text) { return platforms }
        reader.fail(
            "TELEMETRY_PLATFORMS", value: text, allowed: "name=division[+division…],… with the first 2 to 6 digits")
        return TelemetryPlatforms()
    }

    private static func mediaMTX(_ reader: SettingsReader) -> MediaMTXSettings {
        let template = reader.string("MEDIAMTX_PATH", default: "{gb_id}")
        if !template.contains("{gb_id}") {
            reader.fail("MEDIAMTX_PATH", value: template, allowed: "a path name that contains {gb_id}")
        }
        return MediaMTXSettings(
            control: reader.url("MEDIAMTX_API_URL"), playback: reader.url("MEDIAMTX_PLAYBACK_URL"),
            pathTemplate: template, credentials: reader.optionalSecret("MEDIAMTX_CREDENTIALS"))
    }
}
