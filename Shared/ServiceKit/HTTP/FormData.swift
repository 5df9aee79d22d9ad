import Calendar
import HTTPTypes
import Hummingbird

/// A submitted form, urlencoded or multipart. Values keep the order in which they came; text is valid UTF-8 without
/// control characters (anything else was refused with 400).
public struct FormData: Sendable {
    public let values: [(name: String, value: String)]
    public let files: [UploadedFile]

    public init(values: [(name: String, value: String)], files: [UploadedFile] = []) {
        self.values = values
        self.files = files
    }

    init(body: ByteBuffer, contentType: String?) throws {
        let type = contentType ?? ""
        if type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
            self.init(values: try URLEncodedPairs.parse(Array(body.readableBytesView)))
        } else if type.lowercased().hasPrefix("multipart/form-data") {
            self = try MultipartParser.parse(Array(body.readableBytesView), contentType: type)
        } else {
            throw Problem(
                .unsupportedMediaType, code: "unsupported_media_type",
                detail: LocalizedText(zh: "不支持这种内容类型。", en: "This content type is not accepted."),
                field: "Content-Type", allowed: "application/x-www-form-urlencoded, multipart/form-data")
        }
    }

    /// True for the content types that a browser's form can send.
    static func isForm(_ request: Request) -> Bool {
        guard let type = request.headers[.contentType]?.lowercased() else { return false }
        return type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("multipart/form-data")
            || type.hasPrefix("text/plain")
    }

    /// The value, trimmed; nil when absent or empty.
    public func optional(_ name: String) -> String? {
        guard let value = values.first(where: { $0.name == name })?.value.trimmed, !value.isEmpty else { return nil }
        return value
    }

    /// The value, trimmed, or 422 `missing`.
    public func required(_ name: String) throws -> String {
        guard let value = optional(name) else { throw Problem(faults: [FormCheck.missing(name)]) }
        return value
    }

    /// All non-empty values of that name (check boxes, multiple selects).
    public func all(_ name: String) -> [String] {
        values.filter { $0.name == name }.map(\.value.trimmed).filter { !$0.isEmpty }
    }

    /// Files of that field that have bytes.
    public func files(_ field: String) -> [UploadedFile] {
        files.filter { $0.field == field && !$0.bytes.isEmpty }
    }

    /// Reads several fields and reports all faults together.
    public func check() -> FormCheck { FormCheck(self) }
}

extension String {
    var trimmed: String {
        var view = self[...]
        while view.first?.isWhitespace == true { view = view.dropFirst() }
        while view.last?.isWhitespace == true { view = view.dropLast() }
        return String(view)
    }
}

extension Request {
    /// The submitted form. 413 beyond the route's body limit, 415 for other content types, 400 when it is malformed.
    public func form(_ context: BrightContext) async throws -> FormData {
        let body = try await body.collect(upTo: context.bodyLimit)
        return try FormData(body: body, contentType: headers[.contentType])
    }

    /// A query parameter, trimmed; nil when absent or empty; 400 when it holds control characters.
    public func query(_ name: String) throws -> String? {
        guard let pair = try URLEncodedPairs.parse(Array((uri.query ?? "").utf8)).first(where: { $0.name == name })
        else { return nil }
        let value = pair.value.trimmed
        return value.isEmpty ? nil : value
    }
}
