import Configuration
import Foundation
import SystemPackage

/// Reads settings by their environment name, `HTTP_PORT`. Secrets come from files in `SECRETS_DIR` only, named
/// `token-signing-key` for `TOKEN_SIGNING_KEY`; plain settings from the environment or, failing that, from such a file.
///
/// Nothing throws while reading: faults are collected and reported together by `ServiceConfiguration.load`. After a
/// fault a placeholder is returned.
public final class SettingsReader {
    public private(set) var faults: [ConfigurationFault] = []
    private let plain: ConfigReader
    private let secrets: ConfigReader?
    private let secretsDirectory: String?

    /// The process's environment and its secrets directory.
    public static func fromProcess() async throws -> SettingsReader {
        try await SettingsReader(environment: ProcessInfo.processInfo.environment)
    }

    public init(environment: [String: String]) async throws {
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
        guard let directory = environment["SECRETS_DIR"], !directory.isEmpty else {
            plain = ConfigReader(provider: variables)
            secrets = nil
            secretsDirectory = nil
            return
        }
        secretsDirectory = directory
        do {
            let files = try await DirectoryFilesProvider(directoryPath: FilePath(directory))
            plain = ConfigReader(providers: [variables, files])
            secrets = ConfigReader(provider: files)
        } catch {
            plain = ConfigReader(provider: variables)
            secrets = nil
            faults.append(
                ConfigurationFault(name: "SECRETS_DIR", value: directory, allowed: "a readable directory"))
        }
    }

    public func fail(_ name: String, value: String?, allowed: String) {
        faults.append(ConfigurationFault(name: name, value: value, allowed: allowed))
    }

    public func string(_ name: String, default fallback: String? = nil, allowed: String = "text") -> String {
        if let value = optionalString(name) { return value }
        if let fallback { return fallback }
        fail(name, value: nil, allowed: allowed)
        return ""
    }

    public func optionalString(_ name: String) -> String? {
        guard let value = plain.string(forKey: Self.key(name))?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    public func integer(_ name: String, default fallback: Int? = nil, in range: ClosedRange<Int>) -> Int {
        let allowed = "\(range.lowerBound)…\(range.upperBound)"
        guard let text = optionalString(name) else {
            if let fallback { return fallback }
            fail(name, value: nil, allowed: allowed)
            return range.lowerBound
        }
        guard let value = Int(text), range.contains(value) else {
            fail(name, value: text, allowed: allowed)
            return range.lowerBound
        }
        return value
    }

    public func boolean(_ name: String, default fallback: Bool) -> Bool {
        switch optionalString(name)?.lowercased() {
        case nil: return fallback
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        case .some(let text):
            fail(name, value: text, allowed: "true, false")
            return fallback
        }
    }

    public func choice<Value: RawRepresentable & CaseIterable>(_ name: String, default fallback: Value) -> Value
    where Value.RawValue == String {
        guard let text = optionalString(name) else { return fallback }
        if let value = Value(rawValue: text) { return value }
        fail(name, value: text, allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
        return fallback
    }

    /// A whole number of seconds.
    public func seconds(_ name: String, default fallback: Duration, in range: ClosedRange<Int>) -> Duration {
        .seconds(integer(name, default: Int(fallback.components.seconds), in: range))
    }

    /// An origin or URL with scheme http or https.
    public func url(_ name: String, default fallback: String? = nil) -> String {
        let allowed = "an http or https URL"
        let text = string(name, default: fallback, allowed: allowed)
        guard !text.isEmpty else { return "" }
        guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host != nil else {
            fail(name, value: text, allowed: allowed)
            return ""
        }
        return text
    }

    /// An existing directory.
    public func directory(_ name: String, default fallback: String? = nil) -> String {
        let allowed = "an existing directory"
        let path = string(name, default: fallback, allowed: allowed)
        guard !path.isEmpty else { return "" }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            fail(name, value: path, allowed: allowed)
            return ""
        }
        return path
    }

    /// A secret from `SECRETS_DIR`. Its value is never shown.
    public func secret(_ name: String, allowed: String) -> String {
        if let value = optionalSecret(name) { return value }
        fail(name, value: nil, allowed: "\(allowed), in the file \(Self.fileName(name)) of SECRETS_DIR")
        return ""
    }

    public func optionalSecret(_ name: String) -> String? {
        guard let value = secrets?.string(forKey: Self.key(name), isSecret: true)?.trimmed, !value.isEmpty else {
            return nil
        }
        return value
    }

    /// Where a secret's file is, for whoever reads it again when it is replaced.
    public func secretPath(_ name: String) -> String? {
        secretsDirectory.map { "\($0)/\(Self.fileName(name))" }
    }

    /// After parsing a secret failed: says what was expected, not what was found.
    public func failSecret(_ name: String, allowed: String) {
        fail(name, value: nil, allowed: "\(allowed), in the file \(Self.fileName(name)) of SECRETS_DIR")
    }

    private static func key(_ name: String) -> ConfigKey {
        ConfigKey(name.lowercased().split(separator: "_").map(String.init))
    }

    private static func fileName(_ name: String) -> String { name.lowercased().replacing("_", with: "-") }
}
