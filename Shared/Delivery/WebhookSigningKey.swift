import Crypto
import Foundation

/// An Ed25519 key pair for `v1a` signatures: `whsk_` and the base64 of the 32-byte seed (a 64-byte seed-and-public-key
/// form is read too). The receiver needs `publicKey` only.
public struct WebhookSigningKey: Sendable {
    public static let prefix = "whsk_"
    let key: Curve25519.Signing.PrivateKey

    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let data = StandardWebhooks.base64(String(text.dropFirst(Self.prefix.count))),
            data.count == 32 || data.count == 64
        else { return nil }
        do {
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: data.prefix(32))
        } catch {
            return nil
        }
        if data.count == 64, Data(data.suffix(32)) != key.publicKey.rawRepresentation { return nil }
    }

    private init(key: Curve25519.Signing.PrivateKey) {
        self.key = key
    }

    public static func generate() -> WebhookSigningKey {
        WebhookSigningKey(key: Curve25519.Signing.PrivateKey())
    }

    public var text: String { Self.prefix + key.rawRepresentation.base64EncodedString() }
    public var publicKey: WebhookPublicKey { WebhookPublicKey(key: key.publicKey) }
}
