/// Everything that can go wrong with the database, classified once.
///
/// `message` is the server's primary message; the server's detail is left out because it quotes row values, which may be
/// personal data and would end in logs.
public struct PostgresError: Error, Hashable, Sendable {
    /// SQLSTATE, or one of this module's own codes below.
    public var code: String
    public var message: String
    /// Violated constraint, for class 23.
    public var constraint: String?
    public var table: String?
    public var column: String?

    public init(
        code: String, message: String, constraint: String? = nil, table: String? = nil, column: String? = nil
    ) {
        self.code = code
        self.message = message
        self.constraint = constraint
        self.table = table
        self.column = column
    }

    /// The connection broke while COMMIT was under way: the transaction may or may not have happened.
    public static let outcomeUnknown = "outcome_unknown"
    /// No connection became free in time.
    public static let acquireTimeout = "acquire_timeout"
    /// The pool was shut down.
    public static let poolClosed = "pool_closed"
    /// A value could not be read as the wanted Swift type.
    public static let decoding = "decoding"
    /// A transaction or connection was used after its end.
    public static let misuse = "misuse"
    /// A migration was changed after it was applied.
    public static let migrationChanged = "migration_changed"

    /// Trying the same work again later can succeed, and cannot do it twice.
    public var isRetriable: Bool {
        if isConnectionLost || isSerializationFailure || code == Self.acquireTimeout { return true }
        // 53: out of connections, memory, disk. 55P03: lock not available. 57014: statement timeout.
        return code.hasPrefix("53") || code == "55P03" || code == "57014"
    }

    /// 40001 serialization failure, 40P01 deadlock: the server asks for the transaction to be run again.
    public var isSerializationFailure: Bool { code == "40001" || code == "40P01" }
    /// Class 08, and 57P01…57P05: the server is stopping, crashed or starting. The connection cannot be used any more.
    public var isConnectionLost: Bool { code.hasPrefix("08") || code.hasPrefix("57P") }
    public var isUniqueViolation: Bool { code == "23505" }
    public var isForeignKeyViolation: Bool { code == "23503" }
    public var isCheckViolation: Bool { code == "23514" }
    public var isOutcomeUnknown: Bool { code == Self.outcomeUnknown }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        let place = [table, constraint].compactMap { $0 }.joined(separator: "/")
        return "Postgres \(code): \(message)" + (place.isEmpty ? "" : " [\(place)]")
    }
}
