/// A private key that signs. Every scheme is used through this, and checked through `SignatureKey`.
public protocol MessageSigner: Sendable {
    var key: SignatureKey { get }
    func sign(_ message: [UInt8]) throws -> [UInt8]
}
