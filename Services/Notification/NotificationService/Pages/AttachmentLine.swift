import Contracts

/// An attachment as named in the document: what it is called, how large, and the hash by which anybody can check it.
struct AttachmentLine {
    let name: String
    let size: String
    let sha256: String
    let href: String

    init(_ attachment: BulletinAttachment) {
        name = attachment.name
        size = Self.size(attachment.byteCount)
        sha256 = attachment.sha256
        href = attachment.href
    }

    /// 1 MB = 1,000,000 bytes, rounded up: never "0 KB".
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1_000_000 else { return "\((bytes + 999) / 1000) KB" }
        let tenths = (bytes + 99_999) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
