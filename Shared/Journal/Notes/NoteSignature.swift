/// One signature line of a note: `— <name> base64(<4-byte key id> ‖ <signature>)`.
public struct NoteSignature: Hashable, Sendable {
    public var name: String
    /// First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key), big-endian.
    public var keyId: UInt32
    public var signature: [UInt8]
}
