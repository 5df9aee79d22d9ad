import Crypto
import Foundation

/// Ed25519 (RFC 8032).
public struct Ed25519Signer: MessageSigner {
    private let privateKey: Curve25519.Signing.PrivateKey
    public let key: SignatureKey

    public init(_ privateKey: Curve25519.Signing.PrivateKey) throws {
        self.privateKey = privateKey
        guard let key = SignatureKey(.ed25519, [UInt8](privateKey.publicKey.rawRepresentation)) else {
            throw SignatureFailure.notAKey(.ed25519)
        }
        self.key = key
    }

    public func sign(_ message: [UInt8]) throws -> [UInt8] { [UInt8](try privateKey.signature(for: Data(message))) }
}
