/// Why there is no signature.
public enum SignatureFailure: Error, Hashable, Sendable {
    /// The text is no private key of this scheme.
    case notAKey(SignatureAlgorithm)
    /// libcrypto refused to sign.
    case refused(SignatureAlgorithm)
}
