/// The columns of one kind of file, by their Chinese header.
public protocol ImportColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// A file without one of these is refused whole.
    var isRequired: Bool { get }
}

extension ImportColumn {
    /// Name of the same fact in the JSON interface: the case's name in snake_case.
    public var field: String {
        String(describing: self).reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
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
