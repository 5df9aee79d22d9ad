import CLibPQ
import Foundation

/// One libpq connection. Blocks; used only on its connection's thread.
final class Session {
    enum TransactionStatus { case idle, open, failed, broken }

    private let handle: OpaquePointer
    private var statements = StatementCache()
    private var parameters = Parameters()
    /// Milliseconds without any byte from the server after which the connection counts as dead; −1 = wait for ever.
    private let silenceLimit: Int32
    private var isDead = false

    /// What libpq adds to a statement timeout before we give the server up: it answers the timeout itself when it lives.
    private static let silenceAllowance: Duration = .seconds(5)

    init(_ configuration: PostgresConfiguration) throws {
        silenceLimit =
            configuration.statementTimeout == .zero
            ? -1 : Int32(clamping: (configuration.statementTimeout + Self.silenceAllowance).milliseconds)
        handle = try Self.connect(configuration)
        // Notices ("schema exists already") are not errors and not for stderr.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        // From here on `deinit` closes the connection, also when this throws.
        let timeout = configuration.statementTimeout.milliseconds
        try script(
            """
            SET search_path TO \(SQL.quoted(configuration.schema));
            SET TimeZone TO 'UTC';
            SET statement_timeout TO \(timeout);
            """)
    }

    deinit { PQfinish(handle) }

    private static func connect(_ configuration: PostgresConfiguration) throws -> OpaquePointer {
        let settings: [(String, String)] = [
            ("dbname", configuration.url),
            ("application_name", configuration.applicationName),
            ("client_encoding", "UTF8"),
            ("connect_timeout", String(max(2, configuration.acquireTimeout.milliseconds / 1000))),
            // A peer that vanished without a word is noticed within half a minute.
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
        ]
        let connection = withCStrings(settings.map(\.0)) { keywords in
            withCStrings(settings.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let connection else { throw PostgresError(code: "08001", message: "out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = connectionMessage(connection)
            PQfinish(connection)
            throw PostgresError(code: "08001", message: message)
        }
        return connection
    }

    // MARK: statements

    /// Runs one statement as a prepared one. Consumes all of its results.
    func execute(_ sql: SQL) throws -> QueryResult {
        do {
            return try attempt(sql)
        } catch let error as PostgresError where error.isStalePlan && transactionStatus == .idle {
            // The table changed under the plan (0A000) or the server forgot it (26000). It was dropped; prepare anew.
            return try attempt(sql)
        }
    }

    private func attempt(_ sql: SQL) throws -> QueryResult {
        let key = StatementCache.Key(text: sql.text, types: sql.values.map(\.type))
        try parameters.fill(sql.values)
        let statement = try prepared(key)
        let sent = parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lost() }
        do {
            let result = try finish()
            let columns = statement.columns ?? ResultColumns(of: result)
            statement.columns = columns
            return QueryResult(result, columns: columns)
        } catch let error as PostgresError where error.isStalePlan {
            if let name = statements.remove(key), transactionStatus == .idle { try script("DEALLOCATE \(name)") }
            throw error
        }
    }

    /// BEGIN and the transaction's first statement in one round trip, once the statement is prepared.
    func begin(_ isolation: PostgresIsolation, with sql: SQL) throws -> QueryResult {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)"
        let key = StatementCache.Key(text: sql.text, types: sql.values.map(\.type))
        guard let statement = statements.find(key), let columns = statement.columns else {
            try script(begin)
            return try execute(sql)
        }
        try parameters.fill(sql.values)
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        let sent =
            PQsendQueryParams(handle, begin, 0, nil, nil, nil, nil, 0) == 1
            && parameters.withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
            } == 1 && PQpipelineSync(handle) == 1
        guard sent else { throw lost() }
        do {
            let result = try finishPipeline()
            return QueryResult(result, columns: columns)
        } catch let error as PostgresError where error.isStalePlan {
            _ = statements.remove(key)
            throw error
        }
    }

    private func prepared(_ key: StatementCache.Key) throws -> StatementCache.Statement {
        if let statement = statements.find(key) { return statement }
        let statement = StatementCache.Statement(name: statements.newName())
        guard PQsendPrepare(handle, statement.name, key.text, Int32(key.types.count), key.types) == 1 else {
            throw lost()
        }
        PQclear(try finish())
        if let evicted = statements.insert(statement, for: key) { try script("DEALLOCATE \(evicted)") }
        return statement
    }

    /// Runs trusted text that may hold several statements; the first error ends it.
    func script(_ text: String) throws {
        guard PQsendQuery(handle, text) == 1 else { throw lost() }
        PQclear(try finish())
    }

    /// COMMIT. A connection lost here leaves the outcome unknown.
    func commit() throws {
        let result: OpaquePointer
        do {
            guard PQsendQuery(handle, "COMMIT") == 1 else { throw lost() }
            result = try finish()
        } catch let error as PostgresError where error.isConnectionLost {
            throw PostgresError(
                code: PostgresError.outcomeUnknown, message: "the connection was lost during COMMIT: \(error.message)")
        }
        defer { PQclear(result) }
        // A transaction that failed before answers COMMIT with ROLLBACK.
        if let tag = PQcmdStatus(result), String(cString: tag) == "ROLLBACK" {
            throw PostgresError(
                code: "25P02", message: "the transaction was rolled back: one of its statements had failed")
        }
    }

    // MARK: state

    var transactionStatus: TransactionStatus {
        if isDead { return .broken }
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: return .idle
        case PQTRANS_INTRANS: return .open
        case PQTRANS_INERROR: return .failed
        default: return .broken
        }
    }

    /// False when the server has closed an idle connection. Costs one system call, no round trip.
    func isAlive() -> Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        if isDead || poll(&descriptor, 1, 0) < 0 { return false }
        // Nothing to read is the healthy state; a message (FATAL, a notice) or the end of the stream is looked at.
        if descriptor.revents == 0 { return true }
        guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { return false }
        var again = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&again, 1, 0) == 0
    }

    func cancelHandle() -> OpaquePointer? { PQgetCancel(handle) }

    // MARK: results

    /// Reads until the statement is done; the last result, or the first error.
    private func finish() throws -> OpaquePointer {
        var last: OpaquePointer?
        var failure: PostgresError?
        while true {
            do {
                try waitForResult()
            } catch {
                if let last { PQclear(last) }
                throw failure ?? error
            }
            guard let result = PQgetResult(handle) else { break }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                if let last { PQclear(last) }
                last = result
            default:
                if failure == nil { failure = Self.error(result) }
                PQclear(result)
            }
        }
        if let failure {
            if let last { PQclear(last) }
            if failure.isConnectionLost { isDead = true }
            throw failure
        }
        guard let last else { throw lost() }
        return last
    }

    /// Reads a pipeline up to its end; the last statement's result, or the first error.
    private func finishPipeline() throws -> OpaquePointer {
        var last: OpaquePointer?
        var failure: PostgresError?
        var isAtEnd = false
        while !isAtEnd {
            do {
                try waitForResult()
            } catch {
                if let last { PQclear(last) }
                throw failure ?? error
            }
            // A null result only separates two statements.
            guard let result = PQgetResult(handle) else {
                guard PQstatus(handle) == CONNECTION_OK else { break }
                continue
            }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                isAtEnd = true
                PQclear(result)
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                if let last { PQclear(last) }
                last = result
            default:
                if failure == nil { failure = Self.error(result) }
                PQclear(result)
            }
        }
        if !isAtEnd || PQexitPipelineMode(handle) != 1 { isDead = true }
        if failure != nil || isDead {
            if let last { PQclear(last) }
            if failure?.isConnectionLost == true { isDead = true }
            throw failure ?? lost()
        }
        guard let last else { throw lost() }
        return last
    }

    private func waitForResult() throws {
        while PQisBusy(handle) == 1 {
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, silenceLimit)
            if ready == 0 {
                isDead = true
                throw PostgresError(code: "08006", message: "no answer from the server within \(silenceLimit) ms")
            }
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0, PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    private func lost() -> PostgresError {
        isDead = isDead || PQstatus(handle) != CONNECTION_OK
        return PostgresError(code: isDead ? "08006" : "XX000", message: Self.connectionMessage(handle))
    }

    private static func connectionMessage(_ connection: OpaquePointer) -> String {
        guard let text = PQerrorMessage(connection) else { return "no message" }
        return String(cString: text).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func error(_ result: OpaquePointer) -> PostgresError {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        // Field codes of the protocol (PG_DIAG_…). A result without SQLSTATE was made by libpq: the connection broke.
        let message = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "no message"
        return PostgresError(
            code: field("C") ?? "08006", message: message.trimmingCharacters(in: .whitespacesAndNewlines),
            constraint: field("n"), table: field("t"), column: field("c"))
    }
}

extension PostgresError {
    /// A prepared statement that has to be prepared again.
    var isStalePlan: Bool {
        code == "26000" || (code == "0A000" && message.contains("cached plan"))
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// Calls `body` with a NULL-terminated array of C strings.
private func withCStrings<R>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
