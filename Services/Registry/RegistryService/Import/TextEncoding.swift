/// Encodings in which bureau clerks' spreadsheets arrive.
public enum TextEncoding: String, Codable, Sendable {
    case utf8 = "UTF-8"
    case utf8WithMark = "UTF-8 (BOM)"
    case gb18030 = "GB18030"

    static let mark: [UInt8] = [0xef, 0xbb, 0xbf]
}
