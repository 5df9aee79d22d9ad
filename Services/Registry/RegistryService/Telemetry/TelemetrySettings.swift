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
    let signal: SignalRules

    static func read(_ reader: SettingsReader) -> TelemetrySettings {
        let source = reader.choice("VIDEO_SOURCE", default: Source.none)
        return TelemetrySettings(
            platforms: platforms(reader), source: source,
            recordDirectory: reader.string(
                "VIDEO_RECORD_DIR", default: "/var/lib/bright-kitchen/video/recordings",
                allowed: "the folder of the recordings"),
            mediaMTX: source == .mediamtx ? mediaMTX(reader) : nil,
            minimumPermille: reader.integer("COVERAGE_MINIMUM_PERCENT", default: 95, in: 1...100) * 10,
            settle: .seconds(reader.integer("COVERAGE_SETTLE_MINUTES", default: 30, in: 0...720) * 60),
            signal: signal(reader))
    }

    /// Seconds unless the name says otherwise. What contradicts another setting is refused at start.
    private static func signal(_ reader: SettingsReader) -> SignalRules {
        let usual = SignalRules()
        func seconds(_ name: String, _ usual: Duration, _ range: ClosedRange<Int>) -> Duration {
            .seconds(reader.integer(name, default: Int(usual.components.seconds), in: range))
        }
        var rules = usual
        rules.silence = seconds("SIGNAL_SILENCE_SECONDS", usual.silence, 30...3600)
        rules.offlineAfter = seconds("SIGNAL_OFFLINE_SECONDS", usual.offlineAfter, 10...3600)
        rules.faultAfter = seconds("SIGNAL_FAULT_SECONDS", usual.faultAfter, 60...86_400)
        rules.flappingChanges = reader.integer("FLAPPING_CHANGES", default: usual.flappingChanges, in: 2...100)
        rules.flappingWindow = seconds("FLAPPING_WINDOW_SECONDS", usual.flappingWindow, 60...3600)
        rules.flappingCalm = seconds("FLAPPING_CALM_SECONDS", usual.flappingCalm, 60...86_400)
        rules.clockOff = seconds("CLOCK_OFF_SECONDS", usual.clockOff, 5...3600)
        rules.clockRight = seconds("CLOCK_RIGHT_SECONDS", usual.clockRight, 1...3600)
        rules.escalateAfter =
            .seconds(reader.integer("FAULT_ESCALATION_HOURS", default: 24, in: 1...720) * 3600)
        rules.together = seconds("INCIDENT_TOGETHER_SECONDS", usual.together, 30...3600)
        rules.canteenIncident = reader.integer(
            "INCIDENT_CANTEEN_CAMERAS", default: usual.canteenIncident, in: 2...1000)
        rules.divisionIncident = reader.integer(
            "INCIDENT_DIVISION_CANTEENS", default: usual.divisionIncident, in: 2...1000)
        for contradiction in rules.contradictions {
            reader.fail(contradiction.setting, value: nil, allowed: contradiction.allowed)
        }
        return rules
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
