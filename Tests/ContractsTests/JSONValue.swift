import Foundation

/// Any JSON, for comparing documents.
enum JSONValue: Hashable, Codable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// As a number, whole or not.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    init(_ data: Data) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: data)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = Self.value(Bool.self, container) {
            self = .bool(value)
        } else if let value = Self.value(Int64.self, container) {
            self = .integer(value)
        } else if let value = Self.value(Double.self, container) {
            self = .number(value)
        } else if let value = Self.value(String.self, container) {
            self = .string(value)
        } else if let value = Self.value([JSONValue].self, container) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// nil when the JSON is of another kind: this is how the kind is found out.
    private static func value<T: Decodable>(_ type: T.Type, _ container: any SingleValueDecodingContainer) -> T? {
        do { return try container.decode(type) } catch { return nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    var object: [String: JSONValue] {
        if case .object(let value) = self { value } else { [:] }
    }

    var array: [JSONValue] {
        if case .array(let value) = self { value } else { [] }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(self))
        }
    }
}
