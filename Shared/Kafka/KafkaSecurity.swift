import Foundation

/// How the connection to the brokers is protected, and who we are to them.
///
/// Files are read anew each time a client is made; whoever holds a client compares `fingerprint` now and then and makes
/// a new one when a file was replaced, so that a renewed certificate or password needs no restart.
public struct KafkaSecurity: Sendable, Hashable {
    /// Names of Kafka's own setting `security.protocol`.
    public enum SecurityProtocol: String, CaseIterable, Sendable {
        case plaintext = "PLAINTEXT"
        case tls = "SSL"
        /// The password (of PLAIN) or its proof (of SCRAM) in plain text: for tests on loopback.
        case saslPlaintext = "SASL_PLAINTEXT"
        case saslTLS = "SASL_SSL"

        public var usesTLS: Bool { self == .tls || self == .saslTLS }
        public var usesSASL: Bool { self == .saslPlaintext || self == .saslTLS }
    }

    /// Names of Kafka's own setting `sasl.mechanism`.
    public enum Mechanism: String, CaseIterable, Sendable {
        case scramSHA512 = "SCRAM-SHA-512"
        case scramSHA256 = "SCRAM-SHA-256"
        case plain = "PLAIN"
    }

    public var securityProtocol: SecurityProtocol
    public var mechanism: Mechanism
    public var username: String
    public var passwordFile: String
    /// Authorities that the brokers' certificates are checked against, PEM; nil = those of the system.
    public var authorityFile: String?
    /// Our own certificate and its key, PEM, for brokers that ask for one (mutual TLS); both or neither.
    public var certificateFile: String?
    public var keyFile: String?

    public init(
        securityProtocol: SecurityProtocol, mechanism: Mechanism = .scramSHA512, username: String = "",
        passwordFile: String = "", authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.securityProtocol = securityProtocol
        self.mechanism = mechanism
        self.username = username
        self.passwordFile = passwordFile
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    private var files: [String] {
        var files: [String] = []
        if securityProtocol.usesTLS { files += [authorityFile, certificateFile, keyFile].compactMap { $0 } }
        if securityProtocol.usesSASL { files.append(passwordFile) }
        return files
    }

    /// Changes when one of the files is replaced, appears or disappears.
    public var fingerprint: [String] {
        files.map { path in
            do {
                let attributes = try FileManager.default.attributesOfItem(atPath: Self.resolved(path))
                let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                return "\(path) \(changed) \(attributes[.size] ?? 0) \(attributes[.systemFileNumber] ?? 0)"
            } catch {
                return "\(path) unreadable"
            }
        }
    }

    /// Secrets are often links into a folder that is exchanged as a whole.
    private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// librdkafka's properties, with the files' present content.
    func properties() throws(KafkaError) -> [String: String] {
        var properties = ["security.protocol": securityProtocol.rawValue.lowercased()]
        if securityProtocol.usesTLS {
            // The name in the certificate must be the broker's.
            properties["ssl.endpoint.identification.algorithm"] = "https"
            properties["ssl.ca.location"] = authorityFile
            properties["ssl.certificate.location"] = certificateFile
            properties["ssl.key.location"] = keyFile
        }
        if securityProtocol.usesSASL {
            properties["sasl.mechanism"] = mechanism.rawValue
            properties["sasl.username"] = username
            properties["sasl.password"] = try password()
        }
        return properties
    }

    private func password() throws(KafkaError) -> String {
        do {
            let text = try String(contentsOfFile: passwordFile, encoding: .utf8)
            return text.trimmingCharacters(in: .newlines)
        } catch {
            throw .unreadable(passwordFile)
        }
    }
}
