import Testing

/// Migrations run while the previous version serves: expand, migrate, contract. `deploy/released-migrations.txt` lists what a city may
/// have run already (its hashes are checked by `deploy/local test`); every later file may only add.
struct MigrationRuleTests {
    /// What the previous version could not live with, and what is used instead.
    private static let breaking: [(pattern: String, instead: String)] = [
        (#"\bDROP\s+(TABLE|VIEW|FUNCTION|COLUMN|TYPE|SCHEMA)\b"#, "leave it; drop it one release after the last use"),
        (#"\bRENAME\b"#, "add the new name beside the old one"),
        (#"\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b"#, "add a column of the new type"),
        (#"\bSET\s+NOT\s+NULL\b"#, "a CHECK … NOT VALID, or one release later"),
        (
            #"\bADD\s+COLUMN\s(?:(?!\bDEFAULT\b|,|;)[\s\S])*\bNOT\s+NULL(?:(?!\bDEFAULT\b|,|;)[\s\S])*(?:,|;|$)"#,
            "NOT NULL with a DEFAULT"
        ),
        (#"\bTRUNCATE\b"#, "delete in the service, in batches"),
    ]

    static func faults(_ sql: String) throws -> [String] {
        // A statement is excused by the line above it, which says why no running version needs what it takes away.
        let text = sql.replacing(try Regex(#"--\s*contract:[^\n]*\n[^;]*;"#), with: "")
            .replacing(try Regex(#"--[^\n]*"#), with: "")
        return try breaking.compactMap { rule in
            guard let found = text.firstMatch(of: try Regex(rule.pattern).ignoresCase()) else { return nil }
            return "\(text[found.range].split(whereSeparator: \.isWhitespace).joined(separator: " ")): \(rule.instead)"
        }
    }

    @Test func newMigrationsOnlyAdd() throws {
        let released = try SourceTree.text("deploy/released-migrations.txt").split(separator: "\n")
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        let all = try ["Services", "Shared"].flatMap { try SourceTree.files(below: $0, suffix: ".sql") }
        let paths = all.map(\.path)
        for path in released {
            #expect(paths.contains(path), "\(path) has run in cities: it must stay")
        }
        for file in all where file.components.contains("Migrations") && !released.contains(file.path) {
            for fault in try Self.faults(file.text) {
                Issue.record("\(file.path) would break the version that is still running: \(fault)")
            }
        }
    }

    @Test(arguments: [
        "DROP TABLE a;", "ALTER TABLE a DROP COLUMN b;", "ALTER TABLE a RENAME COLUMN b TO c;",
        "alter table a rename to b;",
        "ALTER TABLE a ALTER COLUMN b TYPE bigint;", "ALTER TABLE a ALTER COLUMN b SET NOT NULL;",
        "ALTER TABLE a ADD COLUMN b text NOT NULL;",
        "ALTER TABLE a\n    ADD COLUMN b text NOT NULL CHECK (b <> ''),\n    ADD COLUMN c text;",
        "TRUNCATE a;",
    ])
    func aBreakingStatementIsFound(sql: String) throws {
        #expect(try !Self.faults(sql).isEmpty)
    }

    @Test(arguments: [
        "CREATE TABLE a (b text NOT NULL);", "ALTER TABLE a ADD COLUMN b text;",
        "ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT '';",
        "ALTER TABLE a DROP CONSTRAINT b, ADD CONSTRAINT b CHECK (c IN ('x', 'y'));",
        "-- DROP TABLE a;\nCREATE INDEX b ON a (c);",
        "-- contract: the table was never written by a release\nDROP TABLE a;",
    ])
    func anAddingStatementPasses(sql: String) throws {
        #expect(try Self.faults(sql).isEmpty)
    }
}
