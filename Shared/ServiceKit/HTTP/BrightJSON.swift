import Foundation
import HTTPTypes
import Hummingbird

/// JSON of the HTTP interface: snake_case, times as RFC 3339 (`Instant` codes itself), sorted keys.
public enum BrightJSON {
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// 422 with the field's path when the shape is wrong, 400 when it is not JSON.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw problem(error)
        }
    }

    private static func problem(_ error: DecodingError) -> Problem {
        switch error {
        case .keyNotFound(let key, let context):
            Problem(faults: [FormCheck.missing(path(context.codingPath + [key]))])
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            wrongValue(path(context.codingPath))
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            wrongValue(path(context.codingPath))
        default:
            Problem(
                .badRequest, code: "malformed_json",
                detail: LocalizedText(zh: "内容不是有效的 JSON。", en: "The body is not valid JSON."))
        }
    }

    private static func wrongValue(_ field: String) -> Problem {
        .invalid(field, code: "wrong_value", zh: "此项的值不正确。", en: "This value is not accepted.")
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map(String.init) ?? snakeCase($0.stringValue) }.joined(separator: ".")
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
    }
}

extension Request {
    /// The JSON body. 415 for other content types, 413 beyond the route's limit, 400 or 422 when it does not fit.
    public func json<Value: Decodable>(
        _ type: Value.Type, _ context: BrightContext
    ) async throws -> Value {
        guard let contentType = headers[.contentType]?.lowercased(), contentType.hasPrefix("application/json") else {
            throw Problem(
                .unsupportedMediaType, code: "unsupported_media_type",
                detail: LocalizedText(zh: "不支持这种内容类型。", en: "This content type is not accepted."),
                field: "Content-Type", allowed: "application/json")
        }
        let body = try await body.collect(upTo: context.bodyLimit)
        let bytes = Array(body.readableBytesView)
        // Postgres' text cannot hold NUL: refused here for every field at once.
        guard !bytes.contains(0), !bytes.containsEscapedNUL else {
            throw Problem(
                .badRequest, code: "malformed_json",
                detail: LocalizedText(zh: "内容包含不允许的字符。", en: "The body contains a character that is not allowed."))
        }
        return try BrightJSON.decode(type, from: bytes)
    }
}

extension [UInt8] {
    fileprivate var containsEscapedNUL: Bool {
        var index = 0
        let pattern = Array("\\u0000".utf8)
        while index < count {
            guard self[index] == 0x5c else {
                index += 1
                continue
            }
            if self[index...].starts(with: pattern) { return true }
            index += 2
        }
        return false
    }
}
