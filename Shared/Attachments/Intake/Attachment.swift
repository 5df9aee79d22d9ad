/// A file that was accepted and stored. Its digest is its name: the same bytes are one file.
public struct Attachment: Codable, Hashable, Sendable {
    /// Of the stored bytes: the lower-case hex of SHA-256, or another algorithm's with its name (`sm3:66c7…`).
    public let digest: String
    /// Of the stored bytes: pictures are always `image/jpeg`.
    public let type: AttachmentType
    public let byteCount: Int

    public init(digest: String, type: AttachmentType, byteCount: Int) {
        self.digest = digest
        self.type = type
        self.byteCount = byteCount
    }
}
