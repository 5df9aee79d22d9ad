/// The two kinds of signatures of Standard Webhooks.
enum WebhookSecretKind: String, CaseIterable, Codable, Sendable {
    /// HMAC-SHA256 with a shared secret.
    case symmetric = "v1"
    /// Ed25519 with a key pair.
    case asymmetric = "v1a"
}
