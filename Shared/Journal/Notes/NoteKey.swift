import Crypto
import Digests
import Foundation

/// A verifier key for notes: name, scheme and public key. Text form (vkey): `<name>+<key id in hex>+base64(type ‖ key)`,
/// where the type is 0x01 for Ed25519, and 0xff with a name of our own for SM2, which C2SP has no number for.
public struct NoteKey: Hashable, Sendable {
    /// Signature type 0x01 of C2SP `signed-note`: plain Ed25519 (RFC 8032).
    private static let ed25519: [UInt8] = [0x01]
    /// C2SP keeps 0xff for schemes without a number; a longer name that nobody else uses follows it.
    private static let sm2: [UInt8] = [0xff] + Array("brightkitchen.example/sm2-sm3".utf8) + [0x0a]

    public let name: String
    public let keyId: UInt32
    public let key: SignatureKey
    /// Ed25519: 32 bytes; SM2: 65.
    public var publicKey: [UInt8] { key.bytes }

    /// nil when the name has a space or plus sign, or notes are not signed by this scheme.
    public init?(name: String, key: SignatureKey) {
        guard Self.isValidName(name), let type = Self.type(of: key.algorithm) else { return nil }
        self.name = name
        self.key = key
        let digest = SHA256.hash(data: Array(name.utf8) + [0x0a] + type + key.bytes)
        keyId = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// An Ed25519 key. nil when the name has a space or plus sign, or the key has not 32 bytes.
    public init?(name: String, publicKey: [UInt8]) {
        guard let key = SignatureKey(.ed25519, publicKey) else { return nil }
        self.init(name: name, key: key)
    }

    public init?(vkey: some StringProtocol) {
        let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let data = Data(base64Encoded: String(parts[2])),
            let key = Self.key(encoded: [UInt8](data))
        else { return nil }
        self.init(name: String(parts[0]), key: key)
        guard parts[1].utf8.count == 8, UInt32(parts[1], radix: 16) == keyId else { return nil }
    }

    public var vkey: String {
        let digits = String(keyId, radix: 16)
        return "\(name)+\(String(repeating: "0", count: 8 - digits.count))\(digits)+"
            + Data((Self.type(of: key.algorithm) ?? []) + key.bytes).base64EncodedString()
    }

    /// True when the note carries a valid signature by this key.
    public func verifies(_ note: SignedNote) -> Bool {
        note.signatures.contains {
            $0.name == name && $0.keyId == keyId && key.verifies($0.signature, of: Array(note.text.utf8))
        }
    }

    private static func type(of algorithm: SignatureAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .ed25519: ed25519
        case .sm2: sm2
        case .es256: nil
        }
    }

    private static func key(encoded: [UInt8]) -> SignatureKey? {
        for (algorithm, type) in [(SignatureAlgorithm.ed25519, ed25519), (.sm2, sm2)] where encoded.starts(with: type) {
            return SignatureKey(algorithm, Array(encoded.dropFirst(type.count)))
        }
        return nil
    }

    static func isValidName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" }
    }
}
