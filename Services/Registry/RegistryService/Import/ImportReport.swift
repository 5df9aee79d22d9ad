/// What an import did, per file. Encoded in snake_case for `--report` and `--format json`.
public struct ImportReport: Codable, Sendable {
    public var files: [FileReport] = []

    public var refusedLines: Int { files.reduce(0) { $0 + $1.refusedLines } }
    public var isComplete: Bool { files.allSatisfy { $0.faults.isEmpty } }
}

public struct FileReport: Codable, Sendable {
    /// `organs`, `stations`, `roster`, `cameras` or `staff`.
    public let kind: String
    public let file: String
    /// nil when the file could not be read at all.
    public var encoding: TextEncoding?
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    public var refusedLines = 0
    public var faults: [ImportFault] = []

    public init(kind: String, file: String) {
        self.kind = kind
        self.file = file
    }

    public var lines: Int { added + changed + unchanged + refusedLines }

    mutating func refuse(_ faults: [ImportFault]) {
        refusedLines += 1
        self.faults += faults
    }
}
