import Calendar
import Crypto
import Foundation

/// Signatures of the Standard Webhooks specification 1.0.0 (standardwebhooks.com): headers `webhook-id`,
/// `webhook-timestamp` (seconds since 1970) and `webhook-signature` (space-separated `v1,` HMAC-SHA256 and `v1a,`
/// Ed25519 signatures in base64) over `id.timestamp.body`.
public enum StandardWebhooks {
    public static let idHeader = "webhook-id"
    public static let timestampHeader = "webhook-timestamp"
    public static let signatureHeader = "webhook-signature"
    /// A message that is older or newer than this is refused, against replay.
    public static let tolerance = Duration.seconds(5 * 60)
    /// The specification asks for thin payloads below 20 kB.
    public static let maximumPayloadBytes = 20_000

    /// The three headers of a message. Several secrets or keys give several signatures, so that a receiver may still
    /// verify with the old one while an owner rotates.
    public static func sign(
        id: String, at instant: Instant, body: [UInt8], secrets: [WebhookSecret], signingKeys: [WebhookSigningKey] = []
    ) throws -> [HTTPHeader] {
        let timestamp = instant.seconds
        let content = signedContent(id: id, timestamp: String(timestamp), body: body)
        var signatures = secrets.map { "v1," + mac(content, $0).base64EncodedString() }
        for signingKey in signingKeys {
            signatures.append("v1a," + (try signingKey.key.signature(for: content)).base64EncodedString())
        }
        return [
            HTTPHeader(idHeader, id), HTTPHeader(timestampHeader, String(timestamp)),
            HTTPHeader(signatureHeader, signatures.joined(separator: " ")),
        ]
    }

    /// Throws unless at least one signature was made with one of the secrets or keys and the time stamp is within the
    /// tolerance of `now`. Signatures of unknown versions are passed over. Secrets are compared in constant time.
    public static func verify(
        headers: [HTTPHeader], body: [UInt8], secrets: [WebhookSecret], publicKeys: [WebhookPublicKey] = [],
        now: Instant
    ) throws(WebhookVerificationError) {
        func value(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }
        guard let id = value(idHeader), !id.isEmpty, let timestamp = value(timestampHeader),
            let signatures = value(signatureHeader)
        else { throw .missingHeader }
        guard let seconds = Int64(timestamp) else { throw .invalidTimestamp }
        guard seconds >= now.seconds - tolerance.components.seconds else { throw .timestampTooOld }
        guard seconds <= now.seconds + tolerance.components.seconds else { throw .timestampTooNew }
        let content = signedContent(id: id, timestamp: timestamp, body: body)
        for signature in signatures.split(separator: " ") {
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, let bytes = base64(String(parts[1])) else { continue }
            switch parts[0] {
            case "v1":
                // isValidAuthenticationCode compares in constant time.
                if secrets.contains(where: {
                    HMAC<SHA256>.isValidAuthenticationCode(
                        bytes, authenticating: content, using: SymmetricKey(data: $0.bytes))
                }) {
                    return
                }
            case "v1a":
                if publicKeys.contains(where: { $0.key.isValidSignature(bytes, for: content) }) { return }
            default: continue
            }
        }
        throw .noMatchingSignature
    }

    private static func signedContent(id: String, timestamp: String, body: [UInt8]) -> Data {
        Data("\(id).\(timestamp).".utf8) + body
    }

    private static func mac(_ content: Data, _ secret: WebhookSecret) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: secret.bytes)))
    }

    /// Base64 with or without its padding.
    static func base64(_ text: String) -> Data? {
        let bare = text.replacing(/=+$/, with: "")
        return Data(base64Encoded: bare + String(repeating: "=", count: (4 - bare.utf8.count % 4) % 4))
    }
}

extension Instant {
    /// Whole seconds since 1970, rounded down.
    fileprivate var seconds: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.down)) }
}
