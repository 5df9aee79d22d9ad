/// The columns of one kind of file, by their Chinese header.
public protocol ImportColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// A file without one of these is refused whole.
    var isRequired: Bool { get }
}

/// One validated line of one kind of file.
public protocol ImportLine: Sendable {
    associatedtype Column: ImportColumn
    associatedtype Rules: Sendable
    /// `organs`, `roster`, …: as on the command line and in the report.
    static var kind: String { get }
    /// The line, or everything that is wrong with it.
    static func read(_ cells: [Column: String], _ rules: Rules) -> ImportLineResult<Self>
}

public enum ImportLineResult<Line: Sendable>: Sendable {
    case accepted(Line)
    case refused([ValueFault])
}
