import Crypto
import Delivery
import Foundation
import ServiceKit

/// Settings of this service besides the common ones.
struct NotificationSettings: Sendable {
    /// Absent: derived from the journal's signing key, in the local stack only.
    var sealingKey: SymmetricKey?
    var http: HTTPClientConfiguration
    /// Webhooks under way at once, over all endpoints.
    var maximumUnderWay: Int
    var people: PeopleSettings
    /// `ATTACHMENTS_DIR`: documents and pictures of bulletins, by their content; made when it does not exist.
    var attachmentsDirectory: String
    /// `FFMPEG`: name or path.
    var ffmpeg: String

    static func read(_ reader: SettingsReader) -> NotificationSettings {
        let isLocal = reader.choice("MODE", default: ServiceConfiguration.Mode.local) == .local
        return NotificationSettings(
            sealingKey: sealingKey(reader, isRequired: !isLocal),
            http: HTTPClientConfiguration(
                addressPolicy: policy(reader, isLocal: isLocal), allowsPlainHTTP: isLocal,
                // The lease of a message must outlast it.
                deadline: .seconds(reader.integer("WEBHOOK_DEADLINE_SECONDS", default: 20, in: 1...30)),
                certificateAuthorities: reader.optionalString("WEBHOOK_CA_FILE"),
                userAgent: "BrightKitchen-Webhooks/1"),
            maximumUnderWay: reader.integer("WEBHOOK_CONCURRENCY", default: 64, in: 1...1024),
            people: .read(reader, isLocal: isLocal), attachmentsDirectory: attachments(reader, isLocal: isLocal),
            ffmpeg: reader.string("FFMPEG", default: "ffmpeg"))
    }

    /// Outside the local mode it has to be named: what is attached must survive the container.
    private static func attachments(_ reader: SettingsReader, isLocal: Bool) -> String {
        if let folder = reader.optionalString("ATTACHMENTS_DIR") { return folder }
        if !isLocal {
            reader.fail("ATTACHMENTS_DIR", value: nil, allowed: "a folder for documents and pictures of bulletins")
        }
        return FileManager.default.temporaryDirectory.appending(path: "bright-kitchen-notification").path
    }

    private static func policy(_ reader: SettingsReader, isLocal: Bool) -> AddressPolicy {
        guard let text = reader.optionalString("WEBHOOK_ALLOWED_SUBNETS") else {
            return isLocal ? .loopbackAllowed : .publicOnly
        }
        var subnets: [Subnet] = []
        for part in text.split(separator: ",") {
            if let subnet = Subnet(part.trimmingCharacters(in: .whitespaces)) {
                subnets.append(subnet)
            } else {
                reader.fail(
                    "WEBHOOK_ALLOWED_SUBNETS", value: text, allowed: "subnets such as 10.1.0.0/16, comma-separated")
            }
        }
        return AddressPolicy(allowedSubnets: subnets)
    }

    private static func sealingKey(_ reader: SettingsReader, isRequired: Bool) -> SymmetricKey? {
        let allowed = "32 bytes in base64"
        guard let text = reader.optionalSecret("WEBHOOK_SEALING_KEY") else {
            if isRequired { reader.failSecret("WEBHOOK_SEALING_KEY", allowed: allowed) }
            return nil
        }
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else {
            reader.failSecret("WEBHOOK_SEALING_KEY", allowed: allowed)
            return nil
        }
        return SymmetricKey(data: bytes)
    }
}
