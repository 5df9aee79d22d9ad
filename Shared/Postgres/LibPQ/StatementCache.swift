/// The prepared statements of one session, the least recently used dropped first.
struct StatementCache {
    struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    final class Statement {
        let name: String
        var columns: ResultColumns?
        fileprivate(set) var lastUse: UInt64 = 0

        init(name: String) { self.name = name }
    }

    /// A service has some hundred statements; a plan costs the server tens of KiB.
    static let limit = 256

    private var statements: [Key: Statement] = [:]
    private var clock: UInt64 = 0

    mutating func find(_ key: Key) -> Statement? {
        guard let statement = statements[key] else { return nil }
        clock += 1
        statement.lastUse = clock
        return statement
    }

    func newName() -> String { "s\(clock)" }

    /// Remembers a prepared statement. Returns the name of the one to deallocate for it, if the cache was full.
    mutating func insert(_ statement: Statement, for key: Key) -> String? {
        clock += 1
        statement.lastUse = clock
        statements[key] = statement
        guard statements.count > Self.limit,
            let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return nil }
        statements[oldest.key] = nil
        return oldest.value.name
    }

    mutating func remove(_ key: Key) -> String? {
        statements.removeValue(forKey: key)?.name
    }
}
