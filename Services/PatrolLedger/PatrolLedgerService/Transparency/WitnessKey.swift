import Crypto
import Foundation
import Journal

/// Public key of a witness. Text form: `<name>+<key id in hex>+base64(0x04 ‖ key)`.
struct WitnessKey: Hashable, Sendable {
    let name: String
    /// First four bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ key).
    let keyId: UInt32
    /// 32 bytes.
    let publicKey: [UInt8]

    /// nil when the name is empty or has white space or a plus sign, or the key has not 32 bytes.
    init?(name: String, publicKey: [UInt8]) {
        guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || $0 == "+" }), publicKey.count == 32 else {
            return nil
        }
        self.name = name
        self.publicKey = publicKey
        let digest = SHA256.hash(data: Array(name.utf8) + [0x0a, Cosignature.type] + publicKey)
        keyId = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    init?(vkey: some StringProtocol) {
        let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let data = Data(base64Encoded: String(parts[2])), data.first == Cosignature.type
        else { return nil }
        self.init(name: String(parts[0]), publicKey: [UInt8](data.dropFirst()))
        guard parts[1].utf8.count == 8, UInt32(parts[1], radix: 16) == keyId else { return nil }
    }

    var vkey: String {
        let digits = String(keyId, radix: 16)
        return "\(name)+\(String(repeating: "0", count: 8 - digits.count))\(digits)+"
            + Data([Cosignature.type] + publicKey).base64EncodedString()
    }

    /// Signature line of a note: `— <name> base64(<key id> ‖ <timestamp> ‖ <signature>)`.
    func line(_ cosignature: Cosignature) -> String {
        let id = (0..<4).map { UInt8(truncatingIfNeeded: keyId >> (24 - 8 * UInt32($0))) }
        return "— \(name) \(Data(id + cosignature.bytes).base64EncodedString())\n"
    }

    /// The valid cosignature of this witness on the note; nil when there is none.
    func cosignature(on note: SignedNote) -> Cosignature? {
        do {
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
            return note.signatures.lazy.filter { $0.name == name && $0.keyId == keyId }
                .compactMap { Cosignature($0.signature) }
                .first { key.isValidSignature($0.signature, for: Cosignature.message(note.text, time: $0.time)) }
        } catch {
            // 32 bytes that are no point of the curve sign nothing.
            return nil
        }
    }
}
