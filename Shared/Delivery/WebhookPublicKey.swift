import Crypto
import Foundation

/// The public half of a `WebhookSigningKey`: `whpk_` and the base64 of 32 bytes.
public struct WebhookPublicKey: Sendable {
    public static let prefix = "whpk_"
    let key: Curve25519.Signing.PublicKey

    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let data = StandardWebhooks.base64(String(text.dropFirst(Self.prefix.count)))
        else { return nil }
        do {
            key = try Curve25519.Signing.PublicKey(rawRepresentation: data)
        } catch {
            return nil
        }
    }

    init(key: Curve25519.Signing.PublicKey) {
        self.key = key
    }

    public var text: String { Self.prefix + key.rawRepresentation.base64EncodedString() }
}
