/// A stored password: parameters, salt, hash. Never the password.
public struct PasswordHash: Hashable, Sendable {
    /// Characters of a new password; not longer, so that hashing cannot be used to burn the processor.
    public static let lengths = 12...200
    /// No password has more UTF-8 bytes; 200 of the longest emoji have 7,000.
    static let maximumBytes = 8192
    static let saltLength = 16
    static let hashLength = 32

    public let parameters: ScryptParameters
    public let salt: [UInt8]
    public let hash: [UInt8]

    public init(parameters: ScryptParameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    /// Whether a new password is neither too short nor too long. What else it must be, its service says.
    public static func hasAcceptableLength(_ password: String) -> Bool {
        password.utf8.count <= maximumBytes && lengths.contains(password.count)
    }
}
