import Calendar
import Testing

@testable import Postgres

/// Statements are put together without ever pasting a value.
struct SQLTests {
    private struct Code: RawRepresentable { var rawValue: String }

    @Test func interpolatedValuesBecomeNumberedParameters() {
        let sql: SQL = "SELECT * FROM canteen WHERE id = \("x'; DROP TABLE canteen") AND diners > \(100)"
        #expect(sql.text == "SELECT * FROM canteen WHERE id = $1 AND diners > $2")
        #expect(sql.values.count == 2)
    }

    @Test func joinedFragmentsAreRenumbered() {
        let conditions: [SQL] = ["a = \(1)", "b = \("x")", "c IS NULL"]
        let sql: SQL = "SELECT 1 WHERE \(conditions.joined(separator: " AND ")) LIMIT \(5)"
        #expect(sql.text == "SELECT 1 WHERE a = $1 AND b = $2 AND c IS NULL LIMIT $3")
        #expect((sql + " OFFSET \(2)").text.hasSuffix("LIMIT $3 OFFSET $4"))
        #expect([SQL]().joined(separator: ",").isEmpty)
    }

    @Test func identifiersAreQuoted() {
        let sql: SQL = "SELECT \(identifier: "a\"b")"
        #expect(sql.text == "SELECT \"a\"\"b\"")
    }

    @Test func absentValuesKeepTheirType() {
        let day: LocalDate? = nil
        let code: Code? = nil
        let sql: SQL = "\(day) \(code)"
        #expect(sql.values.map(\.type) == [1082, 0])
    }

    @Test func errorsAreClassified() {
        #expect(PostgresError(code: "40P01", message: "").isRetriable)
        #expect(PostgresError(code: "57P01", message: "").isConnectionLost)
        #expect(PostgresError(code: "08006", message: "").isRetriable)
        #expect(PostgresError(code: "23505", message: "").isUniqueViolation)
        #expect(!PostgresError(code: "23505", message: "").isRetriable)
        #expect(!PostgresError(code: PostgresError.outcomeUnknown, message: "").isRetriable)
    }
}
