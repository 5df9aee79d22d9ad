/// A file of a multipart form. Name and type are what the client claims: check the bytes.
public struct UploadedFile: Sendable {
    public let field: String
    public let fileName: String
    public let contentType: String
    public let bytes: [UInt8]

    public init(field: String, fileName: String, contentType: String, bytes: [UInt8]) {
        self.field = field
        self.fileName = fileName
        self.contentType = contentType
        self.bytes = bytes
    }
}
