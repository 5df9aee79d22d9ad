/// A signature scheme by its name. What is signed names the scheme, so that a city may add the commercial cryptography
/// 商密 that its assessment asks for while old signatures can still be checked.
public enum SignatureAlgorithm: String, CaseIterable, Sendable {
    /// RFC 8032.
    case ed25519
    /// ECDSA on P-256 with SHA-256, DER.
    case es256
    /// GB/T 32918.2-2016 on the recommended curve, with SM3 and the default signer's id of GM/T 0009-2012, DER.
    case sm2
}
