import Access
import Calendar
import Contracts
import Journal
import PersonalData
import Postgres
import ServiceKit

/// A master table that people may write to over HTTP, one row or a file at a time.
protocol TableWriting: Sendable {
    var table: ListTable { get }
    /// Columns with whether each must be given.
    var fields: [(column: ListColumn, isRequired: Bool)] { get }
    /// Whoever may do one of these, on the institution that the row belongs to, may write it.
    var actions: [Action] { get }

    /// Validates, authorises and stores one row. Throws `Problem` with every fault.
    func write(
        _ values: [String: FieldValue], _ facts: RegisterFacts, _ context: BrightContext,
        _ transaction: PostgresTransaction
    ) async throws -> TableWrite

    /// Imports a file; lines outside the person's area are refused one by one.
    func load(
        path: String, _ facts: RegisterFacts, _ context: BrightContext, pool: PostgresPool
    ) async throws -> FileReport
}

/// What writing a row came to.
struct TableWrite: Sendable {
    let rowId: String
    let outcome: LineOutcome
}

/// What the rules of a table may need to know.
struct RegisterFacts: Sendable {
    let jurisdiction: Jurisdiction
    let scope: ImportScope
    let keys: PersonalDataKeys
    var today: LocalDate { scope.today }
}
