import Crypto
import Digests
import Foundation
import Journal
import Kafka
import Logging
import PersonalData

/// What every service is told from outside, validated as one value.
public struct ServiceConfiguration: Sendable {
    public enum Mode: String, CaseIterable, Sendable {
        case local
        case production
    }

    public var mode: Mode
    public var databaseURL: String
    /// Owner of the schema, for `migrate`; the service's own role otherwise.
    public var migrationURL: String
    public var databasePoolSize: Int
    public var kafka: KafkaConfiguration
    public var httpHost: String
    /// 0 = any free port.
    public var httpPort: Int
    /// Origin of the gateway as browsers see it, without a final slash.
    public var publicBaseURL: String
    public var jwksURL: String
    /// Where the registry tells who was shut out, beside its keys.
    public var revocationsURL: String { Self.origin(of: jwksURL) + "/internal/revocations" }
    public var cookieSecure: Bool
    public var logLevel: Logger.Level
    public var journalKey: Curve25519.Signing.PrivateKey?
    /// Signs checkpoints beside the journal's key, where the city wants SM2: the secret `journal-sm2-key`, PEM.
    public var journalSM2Key: SM2Signer?
    /// Hash of what is sealed from now on: `sha256` or `sm3`. Stored digests name theirs.
    public var digestAlgorithm: HashAlgorithm
    /// Requests through the gateway, per signed-in account and per client address.
    public var accountRate: RequestRate
    public var addressRate: RequestRate
    /// Seals personal data at rest. A local stack without `data-key` derives it from the journal's seed.
    public var personalDataKeys: PersonalDataKeys
    /// Name of the operator's logs, a host name without scheme; `<name>/<service>` is the origin of the checkpoints. It
    /// never changes once checkpoints have been signed.
    public var logOrigin: String

    /// Reads the common settings; faults stay in the reader.
    static func read(_ reader: SettingsReader, service: String) -> ServiceConfiguration {
        let mode = reader.choice("MODE", default: Mode.local)
        let databaseURL = reader.string("DATABASE_URL", allowed: "a postgresql:// URL")
        // A real broker answers a fetch as soon as there is something; only the embedded one holds it for the whole wait.
        let fetchWait = ["fetch.wait.max.ms": mode == .production ? "500" : "10"]
        let properties = fetchWait.merging(kafkaProperties(reader)) { $1 }
        let journalKey = journalKey(reader)
        return ServiceConfiguration(
            mode: mode,
            databaseURL: databaseURL,
            migrationURL: reader.string("DATABASE_MIGRATION_URL", default: databaseURL),
            databasePoolSize: reader.integer("DATABASE_POOL_SIZE", default: 8, in: 1...64),
            kafka: KafkaConfiguration(
                bootstrap: reader.string("KAFKA_BOOTSTRAP", allowed: "host:port, host:port …"), clientId: service,
                properties: properties, security: KafkaSecurity.read(reader, mode, service: service)),
            httpHost: reader.string("HTTP_HOST", default: "127.0.0.1"),
            httpPort: reader.integer("HTTP_PORT", in: 0...65_535),
            publicBaseURL: trimmingSlash(reader.url("PUBLIC_BASE_URL", default: "http://127.0.0.1:8080")),
            jwksURL: reader.url("JWKS_URL"),
            cookieSecure: reader.boolean("COOKIE_SECURE", default: mode == .production),
            logLevel: reader.choice("LOG_LEVEL", default: Logger.Level.info),
            journalKey: journalKey,
            journalSM2Key: journalSM2Key(reader),
            digestAlgorithm: reader.choice("DIGEST_ALGORITHM", default: HashAlgorithm.sha256),
            accountRate: RequestRate(
                perSecond: reader.integer("RATE_PER_ACCOUNT", default: 20, in: 1...100_000),
                burst: reader.integer("RATE_PER_ACCOUNT_BURST", default: 300, in: 1...1_000_000)),
            addressRate: RequestRate(
                perSecond: reader.integer("RATE_PER_ADDRESS", default: 200, in: 1...100_000),
                burst: reader.integer("RATE_PER_ADDRESS_BURST", default: 2_000, in: 1...1_000_000)),
            personalDataKeys: personalDataKeys(reader, mode, journalKey),
            logOrigin: reader.string("LOG_ORIGIN", default: "brightkitchen.example"))
    }

    /// `http://registry:8081` of `http://registry:8081/registry/jwks.json`.
    private static func origin(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        return String(url[..<scheme.upperBound]) + url[scheme.upperBound...].prefix { $0 != "/" }
    }

    private static func trimmingSlash(_ text: String) -> String {
        text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// `KAFKA_PROPERTIES_FILE`: one `name=value` of librdkafka a line, `#` comments.
    private static func kafkaProperties(_ reader: SettingsReader) -> [String: String] {
        guard let path = reader.optionalString("KAFKA_PROPERTIES_FILE") else { return [:] }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            reader.fail("KAFKA_PROPERTIES_FILE", value: path, allowed: "a readable file of name=value lines")
            return [:]
        }
        var properties: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line).trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else {
                reader.fail("KAFKA_PROPERTIES_FILE", value: path, allowed: "name=value lines")
                return [:]
            }
            properties[String(line[..<equals]).trimmed] = String(line[line.index(after: equals)...]).trimmed
        }
        return properties
    }

    /// `data-key` and `data-lookup-key` of `SECRETS_DIR`.
    private static func personalDataKeys(
        _ reader: SettingsReader, _ mode: Mode, _ journalKey: Curve25519.Signing.PrivateKey?
    ) -> PersonalDataKeys {
        let derived = PersonalDataKeys(derivedFrom: journalKey?.rawRepresentation ?? Data())
        let lines = reader.optionalSecret("DATA_KEY")
        let lookup = reader.optionalSecret("DATA_LOOKUP_KEY")
        if mode == .local, lines == nil, lookup == nil { return derived }
        guard let keys = PersonalDataKeys(lines: lines ?? "", lookupKey: lookup ?? "") else {
            reader.failSecret("DATA_KEY", allowed: PersonalDataKeys.allowed)
            reader.failSecret("DATA_LOOKUP_KEY", allowed: "32 bytes in base64")
            return derived
        }
        return mode == .local ? keys.opening(also: derived) : keys
    }

    private static func journalKey(_ reader: SettingsReader) -> Curve25519.Signing.PrivateKey? {
        let allowed = "32 bytes in base64 (Ed25519 seed)"
        let text = reader.secret("JOURNAL_SIGNING_KEY", allowed: allowed)
        guard !text.isEmpty else { return nil }
        do {
            guard let bytes = Data(base64Encoded: text) else { throw CryptoKitError.incorrectParameterSize }
            return try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        } catch {
            reader.failSecret("JOURNAL_SIGNING_KEY", allowed: allowed)
            return nil
        }
    }

    private static func journalSM2Key(_ reader: SettingsReader) -> SM2Signer? {
        guard let pem = reader.optionalSecret("JOURNAL_SM2_KEY") else { return nil }
        do {
            return try SM2Signer(pem: pem)
        } catch {
            reader.failSecret("JOURNAL_SM2_KEY", allowed: "an SM2 private key as PEM")
            return nil
        }
    }
}
