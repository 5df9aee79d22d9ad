import Contracts
import Crypto
import ServiceKit

/// 256 random bits for an invitation, a ticket or a browser session. Only the SHA-256 is ever stored.
struct SecretToken: Sendable {
    /// base64url without padding, 43 characters.
    let text: String
    let hash: [UInt8]

    /// A fresh one from the system's random source.
    static func random() -> SecretToken {
        let text = RandomToken.text()
        return SecretToken(text: text, hash: digest(text))
    }

    /// nil unless it looks like one of ours: 43 characters of base64url. Anything else needs no look-up.
    init?(received text: some StringProtocol) {
        guard text.utf8.count == 43,
            text.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 95
            })
        else { return nil }
        self.init(text: String(text), hash: Self.digest(text))
    }

    private init(text: String, hash: [UInt8]) {
        self.text = text
        self.hash = hash
    }

    static func digest(_ text: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }
}
