import Postgres
import ServiceKit

/// An order in which nothing moves while somebody reads page by page, so that a cursor passes nothing over.
struct ListOrder: Sendable {
    struct Key: Sendable {
        /// SQL written by hand; never NULL.
        let expression: String
        /// Its type in the database.
        var type = "text"
    }

    let keys: [Key]
    var isDescending = false

    var sql: SQL {
        SQL(trusted: keys.map { $0.expression + (isDescending ? " DESC" : "") }.joined(separator: ", "))
    }

    /// The row's place in the order, as a cursor holds it.
    var place: SQL {
        SQL(trusted: "ARRAY[" + keys.map { "(\($0.expression))::text" }.joined(separator: ", ") + "]")
    }

    /// A condition on rows after the place. A value that the column cannot hold is the caller's fault (422).
    func isAfter(_ values: [String]) throws -> SQL {
        guard values.count == keys.count else { throw ListCursor.malformed }
        let bound = zip(keys, values).map { key, value -> SQL in "\(value)::text\(SQL(trusted: "::" + key.type))" }
        let columns = SQL(trusted: "(" + keys.map(\.expression).joined(separator: ", ") + ")")
        let sign: SQL = isDescending ? " < (" : " > ("
        return columns + sign + bound.joined(separator: ", ") + ")"
    }
}
