import Foundation
import Kafka

extension KafkaSecurity {
    /// `KAFKA_SECURITY_PROTOCOL` and what belongs to it; nil for plain text. The password is the secret file
    /// `kafka-password`; the user is the service's name unless `KAFKA_SASL_USERNAME` says otherwise.
    static func read(_ reader: SettingsReader, _ mode: ServiceConfiguration.Mode, service: String) -> KafkaSecurity? {
        let chosen = reader.choice("KAFKA_SECURITY_PROTOCOL", default: SecurityProtocol.plaintext)
        if chosen == .saslPlaintext, mode == .production {
            reader.fail("KAFKA_SECURITY_PROTOCOL", value: chosen.rawValue, allowed: "PLAINTEXT, SSL, SASL_SSL")
        }
        let mechanism = reader.choice("KAFKA_SASL_MECHANISM", default: Mechanism.scramSHA512)
        let username = reader.string("KAFKA_SASL_USERNAME", default: service)
        var security = KafkaSecurity(securityProtocol: chosen, mechanism: mechanism, username: username)
        if chosen.usesSASL {
            let allowed = "the password of the broker's user \(username)"
            security.passwordFile = reader.secretPath("KAFKA_PASSWORD") ?? ""
            if reader.optionalSecret("KAFKA_PASSWORD") == nil || security.passwordFile.isEmpty {
                reader.failSecret("KAFKA_PASSWORD", allowed: allowed)
            }
        }
        let authority = pem(reader, "KAFKA_CA_FILE", holding: "CERTIFICATE")
        let certificate = pem(reader, "KAFKA_CLIENT_CERTIFICATE_FILE", holding: "CERTIFICATE")
        let key = pem(reader, "KAFKA_CLIENT_KEY_FILE", holding: "PRIVATE KEY")
        if (certificate == nil) != (key == nil) {
            let absent = certificate == nil ? "KAFKA_CLIENT_CERTIFICATE_FILE" : "KAFKA_CLIENT_KEY_FILE"
            if reader.optionalString(absent) == nil {
                reader.fail(absent, value: nil, allowed: "a PEM file: certificate and key go together")
            }
        }
        if !chosen.usesTLS {
            let unused = ["KAFKA_CA_FILE", "KAFKA_CLIENT_CERTIFICATE_FILE", "KAFKA_CLIENT_KEY_FILE"]
            for name in unused {
                // Whoever names an authority believes that the line is encrypted.
                guard let value = reader.optionalString(name) else { continue }
                reader.fail(name, value: value, allowed: "nothing, unless KAFKA_SECURITY_PROTOCOL is SSL or SASL_SSL")
            }
        }
        security.authorityFile = authority
        security.certificateFile = certificate
        security.keyFile = key
        return chosen == .plaintext ? nil : security
    }

    /// The path of a PEM file that can be read and holds what it should.
    private static func pem(_ reader: SettingsReader, _ name: String, holding kind: String) -> String? {
        guard let path = reader.optionalString(name) else { return nil }
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            if text.contains("-----BEGIN "), text.contains("\(kind)-----") { return path }
        } catch {
            reader.fail(name, value: path, allowed: "a file that this service can read")
            return nil
        }
        reader.fail(name, value: path, allowed: "a PEM file with a \(kind.lowercased())")
        return nil
    }
}
