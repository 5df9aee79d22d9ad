import Foundation
import TestSupport
import Testing

@testable import Kafka
@testable import ServiceKit

/// How the line to the brokers is protected: faults name the setting, files are read anew.
@Suite struct KafkaSettingsTests {
    private static let certificate = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"
    private static let key = "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n"

    private func read(
        _ settings: [String: String], _ files: [String: String] = [:], mode: ServiceConfiguration.Mode = .production
    ) async throws -> (security: KafkaSecurity?, faults: [String: String]) {
        let folder = try SecretsFolder(files)
        var environment = settings.mapValues { $0.replacingOccurrences(of: "@", with: folder.path + "/") }
        environment["SECRETS_DIR"] = folder.path
        let reader = try await SettingsReader(environment: environment)
        let security = KafkaSecurity.read(reader, mode, service: "patrol-ledger")
        try folder.remove()
        return (security, Dictionary(reader.faults.map { ($0.name, $0.allowed) }) { $1 })
    }

    @Test func plainTextNeedsNothing() async throws {
        let plain = try await read([:])
        #expect(plain.security == nil)
        #expect(plain.faults.isEmpty)
    }

    @Test func aServiceIsItsOwnUserWithItsOwnPassword() async throws {
        let files = ["kafka-password": "secret\n", "ca.pem": Self.certificate]
        let folder = try SecretsFolder(files)
        let reader = try await SettingsReader(
            environment: [
                "SECRETS_DIR": folder.path, "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
                "KAFKA_CA_FILE": folder.path + "/ca.pem",
            ])
        let security = try #require(KafkaSecurity.read(reader, .production, service: "patrol-ledger"))
        #expect(reader.faults.isEmpty)
        let properties = try security.properties()
        #expect(properties["security.protocol"] == "sasl_ssl")
        #expect(properties["sasl.mechanism"] == "SCRAM-SHA-512")
        #expect(properties["sasl.username"] == "patrol-ledger")
        #expect(properties["sasl.password"] == "secret")
        #expect(properties["ssl.endpoint.identification.algorithm"] == "https")
        // A new password is used by the next client, and whoever holds one learns of it.
        let before = security.fingerprint
        #expect(security.fingerprint == before)
        try Data("renewed, and longer\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/kafka-password"))
        #expect(security.fingerprint != before)
        #expect(try security.properties()["sasl.password"] == "renewed, and longer")
        try folder.remove()
        #expect(throws: KafkaError.self) { try security.properties() }
    }

    @Test func faultsNameTheSetting() async throws {
        let strange = try await read(["KAFKA_SECURITY_PROTOCOL": "TLS", "KAFKA_SASL_MECHANISM": "GSSAPI"])
        #expect(strange.faults["KAFKA_SECURITY_PROTOCOL"] == "PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL")
        #expect(strange.faults["KAFKA_SASL_MECHANISM"] == "SCRAM-SHA-512, SCRAM-SHA-256, PLAIN")

        let bare = try await read(["KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_CA_FILE": "@missing.pem"])
        #expect(Set(bare.faults.keys) == ["KAFKA_PASSWORD", "KAFKA_CA_FILE"])
        #expect(bare.faults["KAFKA_PASSWORD"]?.contains("kafka-password") == true)

        let swapped = try await read(
            [
                "KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CLIENT_CERTIFICATE_FILE": "@key.pem",
                "KAFKA_CLIENT_KEY_FILE": "@certificate.pem",
            ], ["key.pem": Self.key, "certificate.pem": Self.certificate])
        #expect(Set(swapped.faults.keys) == ["KAFKA_CLIENT_CERTIFICATE_FILE", "KAFKA_CLIENT_KEY_FILE"])

        let alone = try await read(
            ["KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CLIENT_CERTIFICATE_FILE": "@certificate.pem"],
            ["certificate.pem": Self.certificate])
        #expect(Set(alone.faults.keys) == ["KAFKA_CLIENT_KEY_FILE"])
    }

    @Test func whoNamesAnAuthorityIsNotLeftInPlainText() async throws {
        let files = ["ca.pem": Self.certificate]
        let plain = try await read(["KAFKA_CA_FILE": "@ca.pem"], files)
        #expect(Set(plain.faults.keys) == ["KAFKA_CA_FILE"])
        let open = try await read(["KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"], ["kafka-password": "p"])
        #expect(Set(open.faults.keys) == ["KAFKA_SECURITY_PROTOCOL"])
        let local = try await read(["KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"], ["kafka-password": "p"], mode: .local)
        #expect(local.faults.isEmpty)
    }
}
