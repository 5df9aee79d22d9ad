import Crypto
import Foundation
import Journal

/// Signs what leaves the house as a file (dumps, badges) as C2SP signed notes. The key is derived from the journal's
/// seed and has a name of its own, so that its signatures are never taken for a checkpoint's.
struct NoteSigner: Sendable {
    private let privateKey: Curve25519.Signing.PrivateKey
    private let key: NoteKey

    init(journalKey: Curve25519.Signing.PrivateKey, origin: String) throws {
        let seed = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: journalKey.rawRepresentation),
            info: Data("brightkitchen disclosure open data".utf8), outputByteCount: 32)
        privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Data($0) })
        guard
            let key = NoteKey(
                name: "\(origin)/disclosure/open-data", publicKey: [UInt8](privateKey.publicKey.rawRepresentation))
        else { throw CheckpointSigner.Failure.invalidOrigin(origin) }
        self.key = key
    }

    var verifierKey: String { key.vkey }

    /// `text` ends in a line break.
    func sign(_ text: String) throws -> String {
        let signature = try privateKey.signature(for: Data(text.utf8))
        let id = (0..<4).map { UInt8(truncatingIfNeeded: key.keyId >> (24 - 8 * UInt32($0))) }
        return text + "\n— \(key.name) \((Data(id) + signature).base64EncodedString())\n"
    }
}
