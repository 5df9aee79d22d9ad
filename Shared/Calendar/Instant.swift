import Foundation

/// A point in time as whole microseconds since 1970-01-01T00:00:00Z, the resolution of Postgres' `timestamptz`.
///
/// An integer, so that a value survives every round trip through the database, JSON and a hash unchanged.
/// Text form: RFC 3339 with the city's offset, e.g. `2026-10-16T23:59:59.000000+08:00`.
public struct Instant: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public init(_ date: Date) {
        microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    }

    /// Reads RFC 3339 with an offset or `Z`; fractions beyond a microsecond are cut. Naive times are refused (nil).
    public init?(rfc3339 text: some StringProtocol) {
        guard let value = RFC3339.parse(text.utf8) else { return nil }
        microseconds = value
    }

    public var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    /// RFC 3339 with six fraction digits in the city's zone (`+08:00`).
    public var rfc3339: String { RFC3339.format(microseconds) }

    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    public static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(microseconds: instant.microseconds + duration.microseconds)
    }

    public static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(microseconds: instant.microseconds - duration.microseconds)
    }

    public static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Instant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an RFC 3339 time with an offset: \(text)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

extension Instant: CustomStringConvertible {
    public var description: String { rfc3339 }
}

extension Duration {
    /// Whole microseconds, fractions cut.
    public var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
