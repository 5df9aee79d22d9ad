import Crypto
import Foundation

/// A symmetric secret of an endpoint, shown to its owner once: `whsec_` and the base64 of 24 to 64 random bytes.
public struct WebhookSecret: Sendable {
    public static let prefix = "whsec_"
    /// Length limits of the Standard Webhooks specification, in bytes.
    public static let allowedLength = 24...64

    public let bytes: [UInt8]

    /// nil unless it is base64 (with or without the prefix) of an allowed number of bytes.
    public init?(_ text: String) {
        let encoded = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
        guard let data = StandardWebhooks.base64(encoded), Self.allowedLength.contains(data.count) else { return nil }
        bytes = [UInt8](data)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// 32 random bytes.
    public static func generate() -> WebhookSecret {
        WebhookSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    public var text: String { Self.prefix + Data(bytes).base64EncodedString() }
}
