import Crypto
import Foundation

/// Signs the tree heads of one log. The key lives in a secret file; its public half is given to those who verify.
public struct CheckpointSigner: Sendable {
    public let origin: String
    private let privateKey: Curve25519.Signing.PrivateKey
    /// What others need to check the signatures.
    public let key: NoteKey

    public enum Failure: Error, CustomStringConvertible {
        case invalidOrigin(String)
        case invalidSeed

        public var description: String {
            switch self {
            case .invalidOrigin(let origin): "a log origin must not be empty or contain white space or '+': \(origin)"
            case .invalidSeed: "the journal signing key must be the base64 form of a 32-byte Ed25519 seed"
            }
        }
    }

    /// - Parameter origin: name of the log and of the key, e.g. `brightkitchen.example/registry`.
    public init(origin: String, privateKey: Curve25519.Signing.PrivateKey) throws {
        guard let key = NoteKey(name: origin, publicKey: [UInt8](privateKey.publicKey.rawRepresentation)) else {
            throw Failure.invalidOrigin(origin)
        }
        self.origin = origin
        self.privateKey = privateKey
        self.key = key
    }

    /// From the text of the secret file `journal-signing-key`: base64 of the 32-byte seed.
    public init(origin: String, base64Seed: String) throws {
        guard let seed = Data(base64Encoded: base64Seed.trimmingCharacters(in: .whitespacesAndNewlines)),
            seed.count == 32
        else { throw Failure.invalidSeed }
        try self.init(origin: origin, privateKey: Curve25519.Signing.PrivateKey(rawRepresentation: seed))
    }

    public func sign(_ checkpoint: Checkpoint) throws -> SignedNote {
        precondition(checkpoint.origin == origin)
        let text = checkpoint.text
        let signature = try privateKey.signature(for: Data(text.utf8))
        return SignedNote(
            text: text,
            signatures: [NoteSignature(name: key.name, keyId: key.keyId, signature: [UInt8](signature))])
    }
}
