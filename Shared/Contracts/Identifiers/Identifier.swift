/// A stable id: a UUIDv7 in lower-case text form, except where a master file brought its own.
/// Coded as a plain JSON string.
public protocol Identifier: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible
where RawValue == String {
    init(rawValue: String)
}

extension Identifier {
    /// A new UUIDv7.
    public static func new() -> Self { Self(rawValue: UUIDv7.string()) }

    public init(_ rawValue: String) { self.init(rawValue: rawValue) }
    public var description: String { rawValue }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
