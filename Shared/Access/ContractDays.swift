import Calendar

/// The days on which a contract runs, both inclusive; without a last day it goes on.
public struct ContractDays: Hashable, Sendable {
    public var first: LocalDate
    public var last: LocalDate?

    public init(first: LocalDate, last: LocalDate?) {
        self.first = first
        self.last = last
    }

    public func contains(_ day: LocalDate) -> Bool { first <= day && last.map { day <= $0 } ?? true }
}
