import Calendar
import Journal
import Postgres

/// One kind of file: what makes two lines collide, and what a batch of lines does in one transaction.
protocol LineImporter: Sendable {
    associatedtype Line: ImportLine & Hashable

    var rules: Line.Rules { get }
    /// Values that occur once in a file: a second line with one of them is refused.
    func keys(of line: Line) -> [UniqueKey]
    /// Facts that several lines state about one thing; they must agree.
    func sharedFacts(of line: Line) -> (key: UniqueKey, facts: AnyHashable)?
    /// The outcomes in the order of the lines. `isFinal`: nothing more is coming, so nothing may be deferred.
    func apply(
        _ lines: [NumberedLine<Line>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome]
}

extension LineImporter {
    func sharedFacts(of line: Line) -> (key: UniqueKey, facts: AnyHashable)? { nil }
}

/// A value that may stand in one line of a file only.
struct UniqueKey: Hashable, Sendable {
    let code: FaultCode
    let column: String
    let value: String
}

/// Who imports, and what time it is.
struct ImportScope: Sendable {
    let context: EventContext
    let now: Instant
    var today: LocalDate { LocalDate(now) }
}
