import Calendar

/// A span of days on which a school runs (学期), both days inclusive.
public struct SchoolTerm: Codable, Hashable, Sendable {
    /// Name, e.g. 2026-2027学年第一学期.
    public var name: String
    /// First day.
    public var startsOn: LocalDate
    /// Last day, inclusive.
    public var endsOn: LocalDate

    public init(name: String, startsOn: LocalDate, endsOn: LocalDate) {
        self.name = name
        self.startsOn = startsOn
        self.endsOn = endsOn
    }
}
