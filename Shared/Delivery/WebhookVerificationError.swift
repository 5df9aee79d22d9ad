/// Why a webhook was not accepted by `StandardWebhooks.verify`.
public enum WebhookVerificationError: String, Error, Hashable, CaseIterable, Sendable {
    case missingHeader = "missing_header"
    case invalidTimestamp = "invalid_timestamp"
    case timestampTooOld = "timestamp_too_old"
    case timestampTooNew = "timestamp_too_new"
    case noMatchingSignature = "no_matching_signature"
}
