/// A claim that is one text or a list of them, as `aud` is (RFC 7519 §4.1.3).
public struct OneOrMany: Decodable, Hashable, Sendable {
    public let values: [String]

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            values = [try container.decode(String.self)]
        } catch {
            values = try container.decode([String].self)
        }
    }
}
