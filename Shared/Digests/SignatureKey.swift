import Crypto
import Foundation

/// The public half of a signing key, with the name of its scheme.
public struct SignatureKey: Hashable, Sendable {
    public let algorithm: SignatureAlgorithm
    /// Ed25519: 32 bytes. ES256 and SM2: the uncompressed point, `04 ‖ x ‖ y`, 65 bytes.
    public let bytes: [UInt8]

    /// nil for a wrong length; whether it is a point of the curve shows when it is used.
    public init?(_ algorithm: SignatureAlgorithm, _ bytes: [UInt8]) {
        switch algorithm {
        case .ed25519: guard bytes.count == 32 else { return nil }
        case .es256, .sm2: guard bytes.count == 65, bytes[0] == 0x04 else { return nil }
        }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// False also for a signature that is malformed, and for a key that is no point of its curve.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        do {
            switch algorithm {
            case .ed25519:
                let key = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
                return key.isValidSignature(signature, for: Data(message))
            case .es256:
                let key = try P256.Signing.PublicKey(x963Representation: bytes)
                let signature = try P256.Signing.ECDSASignature(derRepresentation: signature)
                return key.isValidSignature(signature, for: Data(message))
            case .sm2:
                return SM2.verifies(signature, of: message, by: bytes)
            }
        } catch {
            return false
        }
    }
}
