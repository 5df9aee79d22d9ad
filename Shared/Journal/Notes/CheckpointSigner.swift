import Crypto
import Digests
import Foundation

/// Signs the tree heads of one log. The key lives in a secret file; its public half is given to those who verify.
/// An SM2 key adds a second signature line to each note; who does not know it passes over it, as C2SP says.
public struct CheckpointSigner: Sendable {
    public let origin: String
    private let signer: Ed25519Signer
    private let second: SM2Signer?
    /// What others need to check the signatures.
    public let key: NoteKey
    /// The same for the SM2 signatures, where the log has such a key.
    public let sm2Key: NoteKey?

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

    /// - Parameters:
    ///   - origin: name of the log and of the key, e.g. `brightkitchen.example/registry`.
    ///   - sm2: signs beside it.
    public init(origin: String, privateKey: Curve25519.Signing.PrivateKey, sm2: SM2Signer? = nil) throws {
        signer = try Ed25519Signer(privateKey)
        guard let key = NoteKey(name: origin, key: signer.key) else { throw Failure.invalidOrigin(origin) }
        self.origin = origin
        self.key = key
        second = sm2
        sm2Key = sm2.flatMap { NoteKey(name: origin, key: $0.key) }
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
        var signatures = [try signature(of: text, by: signer, key)]
        if let second, let sm2Key { signatures.append(try signature(of: text, by: second, sm2Key)) }
        return SignedNote(text: text, signatures: signatures)
    }

    private func signature(of text: String, by signer: any MessageSigner, _ key: NoteKey) throws -> NoteSignature {
        NoteSignature(name: key.name, keyId: key.keyId, signature: try signer.sign(Array(text.utf8)))
    }
}
