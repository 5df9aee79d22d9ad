/// Where a sealed text rests. It is authenticated with the text: copied to another row or column it does not open.
public struct SealedPlace: Hashable, Sendable, CustomStringConvertible {
    public let table: String
    public let column: String
    /// Primary key of the row.
    public let row: String

    public init(_ table: String, _ column: String, row: String) {
        self.table = table
        self.column = column
        self.row = row
    }

    public var description: String { "\(table).\(column) of \(row)" }

    /// Lengths first, so that no two places give the same bytes.
    var authenticatedBytes: [UInt8] {
        [table, column, row].flatMap { part in Array("\(part.utf8.count):\(part)".utf8) }
    }
}
