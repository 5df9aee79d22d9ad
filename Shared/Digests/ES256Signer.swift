import Crypto
import Foundation

/// ECDSA on P-256 with SHA-256 (FIPS 186-5); signatures in DER.
public struct ES256Signer: MessageSigner {
    private let privateKey: P256.Signing.PrivateKey
    public let key: SignatureKey

    /// The key as PEM (SEC 1 or PKCS #8).
    public init(pem: String) throws {
        do {
            privateKey = try P256.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw SignatureFailure.notAKey(.es256)
        }
        guard let key = SignatureKey(.es256, [UInt8](privateKey.publicKey.x963Representation)) else {
            throw SignatureFailure.notAKey(.es256)
        }
        self.key = key
    }

    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        [UInt8](try privateKey.signature(for: Data(message)).derRepresentation)
    }
}
