/// What became of one line.
enum LineOutcome: Sendable {
    case added
    case changed
    case unchanged
    case refused([ValueFault])
    /// Needs something that a later line of the file may bring; tried once more at the end.
    case deferred
}

struct NumberedLine<Line: Sendable>: Sendable {
    let number: Int
    let line: Line
}
