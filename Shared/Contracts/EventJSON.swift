import Foundation

/// The one way events become bytes and bytes become events.
public enum EventJSON {
    /// Sorted keys, no white space: the same event gives the same bytes.
    public static func encode(_ event: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(event))
    }

    /// Unknown fields are ignored, so that producers may add some.
    public static func decode<E: Decodable>(_ type: E.Type = E.self, from bytes: [UInt8]) throws -> E {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }
}
