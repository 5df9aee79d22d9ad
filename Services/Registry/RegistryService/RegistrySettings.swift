import Foundation
import ServiceKit

/// What the registry is told besides the common settings.
public struct RegistrySettings: Sendable {
    /// ES256 private key as PEM: `token-signing-key.pem` in `SECRETS_DIR`.
    let signingKey: String
    /// Where cameras' live streams are written: `<GB id>/index.m3u8`.
    let liveDirectory: String
    let telemetry: TelemetrySettings
    /// What happens to people whose training is not recorded.
    let trainingGate: TrainingGate.Mode
    /// How many days a training counts.
    let trainingValidDays: Int
    let passwordPolicy: PasswordPolicy
    /// nil: no single sign-on.
    let provider: Provider?

    /// The city's OpenID Connect provider.
    struct Provider: Sendable {
        let issuer: String
        let clientId: String
        let clientSecret: String
        let providesSecondFactor: Bool
    }

    static func read(_ reader: SettingsReader) -> RegistrySettings {
        RegistrySettings(
            signingKey: signingKey(reader),
            liveDirectory: reader.string("VIDEO_LIVE_DIR", default: "/var/lib/bright-kitchen/video/live"),
            telemetry: .read(reader), trainingGate: reader.choice("TRAINING_GATE", default: .warning),
            trainingValidDays: reader.integer(
                "TRAINING_VALID_DAYS", default: TrainingGate.usualValidDays, in: 1...3650),
            passwordPolicy: passwordPolicy(reader), provider: provider(reader))
    }

    /// `PASSWORD_MAXIMUM_AGE_DAYS`: 0 = passwords do not age.
    private static func passwordPolicy(_ reader: SettingsReader) -> PasswordPolicy {
        let days = reader.integer("PASSWORD_MAXIMUM_AGE_DAYS", default: 90, in: 0...3650)
        return PasswordPolicy(maximumAgeDays: days == 0 ? nil : days)
    }

    private static func provider(_ reader: SettingsReader) -> Provider? {
        guard reader.optionalString("OIDC_ISSUER") != nil else { return nil }
        return Provider(
            issuer: reader.url("OIDC_ISSUER"), clientId: reader.string("OIDC_CLIENT_ID"),
            clientSecret: reader.secret("OIDC_CLIENT_SECRET", allowed: "the secret the provider gave"),
            providesSecondFactor: reader.boolean("OIDC_PROVIDES_SECOND_FACTOR", default: false))
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
