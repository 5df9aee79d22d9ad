import Crypto
import Foundation

/// A verifier key for notes: name and Ed25519 public key. Text form (vkey): `<name>+<key id in hex>+base64(0x01 ‖
/// key)`.
public struct NoteKey: Hashable, Sendable {
    /// Signature type 0x01 of C2SP `signed-note`: plain Ed25519 (RFC 8032).
    static let ed25519: UInt8 = 0x01

    public let name: String
    public let keyId: UInt32
    /// 32 bytes.
    public let publicKey: [UInt8]

    /// nil when the name has a space or plus sign, or the key is not an Ed25519 public key.
    public init?(name: String, publicKey: [UInt8]) {
        guard Self.isValidName(name), publicKey.count == 32 else { return nil }
        self.name = name
        self.publicKey = publicKey
        keyId = Self.keyId(name: name, publicKey: publicKey)
    }

    public init?(vkey: some StringProtocol) {
        let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let data = Data(base64Encoded: String(parts[2])), data.first == Self.ed25519 else {
            return nil
        }
        self.init(name: String(parts[0]), publicKey: [UInt8](data.dropFirst()))
        guard parts[1].utf8.count == 8, UInt32(parts[1], radix: 16) == keyId else { return nil }
    }

    public var vkey: String {
        let digits = String(keyId, radix: 16)
        return "\(name)+\(String(repeating: "0", count: 8 - digits.count))\(digits)+"
            + Data([Self.ed25519] + publicKey).base64EncodedString()
    }

    /// True when the note carries a valid signature by this key.
    public func verifies(_ note: SignedNote) -> Bool {
        let signed = note.signatures.filter { $0.name == name && $0.keyId == keyId }
        do {
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
            return signed.contains { key.isValidSignature($0.signature, for: Data(note.text.utf8)) }
        } catch {
            // 32 bytes that are no point of the curve verify nothing.
            return false
        }
    }

    /// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), first four bytes.
    static func keyId(name: String, publicKey: [UInt8]) -> UInt32 {
        let digest = SHA256.hash(data: Array(name.utf8) + [0x0a, ed25519] + publicKey)
        return digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func isValidName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" }
    }
}
