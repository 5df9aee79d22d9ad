import Foundation
import ServiceKit

/// What the registry is told besides the common settings.
public struct RegistrySettings: Sendable {
    /// ES256 private key as PEM: `token-signing-key.pem` in `SECRETS_DIR`.
    let signingKey: String
    /// Where cameras' live streams are written: `<GB id>/index.m3u8`.
    let liveDirectory: String
    let telemetry: TelemetrySettings

    static func read(_ reader: SettingsReader) -> RegistrySettings {
        RegistrySettings(
            signingKey: signingKey(reader),
            liveDirectory: reader.string("VIDEO_LIVE_DIR", default: "/var/lib/bright-kitchen/video/live"),
            telemetry: .read(reader))
    }

    private static func signingKey(_ reader: SettingsReader) -> String {
        let directory = reader.optionalString("SECRETS_DIR") ?? "."
        do {
            return try String(contentsOfFile: directory + "/token-signing-key.pem", encoding: .utf8)
        } catch {
            reader.fail(
                "TOKEN_SIGNING_KEY", value: nil,
                allowed: "a P-256 private key as PEM, in the file token-signing-key.pem of SECRETS_DIR")
            return ""
        }
    }
}
