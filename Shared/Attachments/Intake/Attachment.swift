/// A file that was accepted and stored. Its digest is its name: the same bytes are one file.
public struct Attachment: Codable, Hashable, Sendable {
    /// Lower-case hex SHA-256 of the stored bytes.
    public let sha256: String
    /// Of the stored bytes: pictures are always `image/jpeg`.
    public let type: AttachmentType
    public let byteCount: Int

    public init(sha256: String, type: AttachmentType, byteCount: Int) {
        self.sha256 = sha256
        self.type = type
        self.byteCount = byteCount
    }
}
