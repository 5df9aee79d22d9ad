import Foundation

/// Personal data as it rests in a table: `a256gcm:<key id>:<base64 of nonce, ciphertext and tag>`.
///
/// Algorithm and key are named in the value, so that either can be changed while old values still open.
public struct SealedText: RawRepresentable, Hashable, Sendable {
    /// AES-256 in Galois/Counter Mode (NIST SP 800-38D), 96-bit random nonce, 128-bit tag.
    public static let algorithm = "a256gcm"

    public let rawValue: String
    let keyId: String
    let box: Data

    /// nil when the text is not in the form above.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.algorithm, PersonalDataKeys.isKeyId(String(parts[1])),
            let box = Data(base64Encoded: String(parts[2]))
        else { return nil }
        self.rawValue = rawValue
        keyId = String(parts[1])
        self.box = box
    }

    init(keyId: String, box: Data) {
        self.keyId = keyId
        self.box = box
        rawValue = Self.prefix(keyId: keyId) + box.base64EncodedString()
    }

    /// What every text sealed with this key begins with.
    static func prefix(keyId: String) -> String { "\(algorithm):\(keyId):" }
}

/// Says nothing of what is inside, wherever it is printed.
extension SealedText: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "sealed(\(keyId))" }
    public var debugDescription: String { description }
}
