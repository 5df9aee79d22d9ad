/// A document or picture that belongs to a bulletin (附件): named by the hash of its bytes, fetched by its link.
public struct BulletinAttachment: Codable, Hashable, Sendable {
    /// File name as shown, with the ending of the stored type.
    public var name: String
    /// `application/pdf` or `image/jpeg`.
    public var mediaType: String
    /// Bytes.
    public var byteCount: Int
    /// SHA-256 of the stored bytes, lower-case hex.
    public var sha256: String
    /// Where an officer or a program of an organ that issued or received the bulletin fetches it.
    public var href: String

    public init(name: String, mediaType: String, byteCount: Int, sha256: String, href: String) {
        self.name = name
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.sha256 = sha256
        self.href = href
    }
}
