/// A stored password: parameters, salt, hash. Never the password.
public struct PasswordHash: Hashable, Sendable {
    static let saltLength = 16
    static let hashLength = 32

    public let parameters: ScryptParameters
    public let salt: [UInt8]
    public let hash: [UInt8]
}
