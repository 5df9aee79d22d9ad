import Foundation
import ServiceKit
import TestSupport
import Testing

/// Configuration: all faults together, secrets never shown.
@Suite struct SettingsTests {
    @Test func allFaultsAreReportedTogether() async throws {
        let secrets = try SecretsFolder(["journal-signing-key": "not-a-key-but-secret"])
        let environment = [
            "HTTP_PORT": "99999", "MODE": "staging", "JWKS_URL": "ftp://x", "LOG_LEVEL": "loud",
            "SECRETS_DIR": secrets.path, "COOKIE_SECURE": "perhaps", "DATABASE_POOL_SIZE": "0",
        ]
        do {
            _ = try await ServiceSetup<SampleService>(environment: environment)
            Issue.record("the configuration was accepted")
        } catch let faults as ConfigurationFaults {
            let names = Set(faults.faults.map(\.name))
            #expect(
                names == [
                    "HTTP_PORT", "MODE", "JWKS_URL", "LOG_LEVEL", "COOKIE_SECURE", "DATABASE_POOL_SIZE",
                    "DATABASE_URL", "KAFKA_BOOTSTRAP", "JOURNAL_SIGNING_KEY",
                ])
            #expect(faults.description.contains("HTTP_PORT=99999: allowed is 0…65535"))
            #expect(faults.description.contains("MODE=staging: allowed is local, production"))
            #expect(!faults.description.contains("not-a-key-but-secret"))
        }
        try secrets.remove()
    }

    @Test func plainSettingsMayComeFromFilesAndSecretsMustNotComeFromTheEnvironment() async throws {
        let secrets = try SecretsFolder(["database-url": "postgresql://from-file\n", "ticket-key": "hidden"])
        let reader = try await SettingsReader(environment: ["SECRETS_DIR": secrets.path, "OTHER_KEY": "visible"])
        #expect(reader.string("DATABASE_URL") == "postgresql://from-file")
        #expect(reader.secret("TICKET_KEY", allowed: "text") == "hidden")
        #expect(reader.optionalSecret("OTHER_KEY") == nil)
        #expect(reader.faults.isEmpty)
        _ = reader.directory("NO_DIRECTORY")
        _ = reader.directory("SECRETS_DIR")
        _ = reader.seconds("PAUSE", default: .seconds(5), in: 1...10)
        #expect(reader.faults.map(\.name) == ["NO_DIRECTORY"])
        try secrets.remove()
    }
}
