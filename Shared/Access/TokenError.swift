/// Why a token was not accepted. Only `keysUnavailable` is about us, not about the token.
public enum TokenError: Error, Hashable, Sendable {
    case malformed
    /// Anything but ES256: `none`, HMAC, RSA, other curves.
    case wrongAlgorithm
    case unknownKey
    case badSignature
    case wrongIssuer
    case wrongAudience
    case expired
    /// The person, program or session was shut out after the token was issued.
    case revoked
    case notYetValid
    /// The signer's keys could not be fetched: answer 503, not 401.
    case keysUnavailable
}
