/// One row of a school's week grid: on this weekday representatives may watch from … to (exclusive), city time.
struct WeeklyWindow: Hashable, Sendable {
    /// 1 = Monday … 7 = Sunday.
    let weekday: Int
    let from: TimeOfDay
    /// Exclusive, later than `from`: a window never crosses midnight.
    let to: TimeOfDay
}

extension WeeklyWindow: Codable {
    private enum CodingKeys: String, CodingKey { case weekday, from, to }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        weekday = try container.decode(Int.self, forKey: .weekday)
        from = try Self.time(container, .from)
        to = try Self.time(container, .to)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(weekday, forKey: .weekday)
        try container.encode(from.text, forKey: .from)
        try container.encode(to.text, forKey: .to)
    }

    private static func time(_ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> TimeOfDay {
        let text = try container.decode(String.self, forKey: key)
        guard let value = TimeOfDay(text: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "not a time HH:MM: \(text)")
        }
        return value
    }
}
